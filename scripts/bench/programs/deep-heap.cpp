// Sixty places that allocate, each reached by thousands of deep chains of callers: what massif keeps of them is large.
#include <cstdlib>
#include <vector>

static std::vector<void *> kept;

template <int Place>
__attribute__((noinline)) void allocate(int blocks) {
  for (int i = 0; i < blocks; i++) {
    kept.push_back(malloc(16 + Place % 97));
    if (i % 3 != 0) continue;
    void *&old = kept[kept.size() / 2];
    free(old);
    old = nullptr;
  }
}

template <int Place>
__attribute__((noinline)) void descend(int depth) {
  if (depth <= 0) {
    allocate<Place>(2);
    return;
  }
  if (depth % 2)
    descend<(Place * 7 + 1) % 61>(depth - 1);
  else
    descend<(Place * 3 + 2) % 61>(depth - 1);
  if (depth % 9 != 0) return;
  allocate<(Place + 1) % 61>(1);
  descend<(Place * 5 + 1) % 61>(depth - 3);
}

int main() {
  for (int round = 0; round < 130; round++) {
    descend<1>(50 + round % 5);
    descend<2>(47 + round % 7);
    descend<5>(55 - round % 9);
  }
}
