// Templates, virtual calls, exceptions, alloca, callbacks from libc: about half a second of them.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

struct Shape {
  virtual ~Shape() = default;
  virtual double area(int depth) = 0;
};

template <int Size>
struct Grid : Shape {
  std::vector<double> values = std::vector<double>(Size * Size, 1.5);
  __attribute__((noinline)) double sum(int depth) {
    double total = 0;
    for (double& value : values) value = (total += value * depth) * 0.5;
    return depth > 0 ? total + sum(depth - 1) : total;
  }
  double area(int depth) override {
    std::vector<double> sorted;
    for (int i = 0; i < 500; i++) sorted.push_back(rand());
    std::sort(sorted.begin(), sorted.end(), [](double a, double b) { return a > b; });
    return sum(3) + sorted[depth];
  }
};

__attribute__((noinline)) void fail(int depth) {
  char pad[300];
  memset(pad, depth, sizeof pad);
  if (depth == 0) throw std::runtime_error("x" + std::to_string(pad[3]));
  fail(depth - 1);
  asm volatile("" ::"r"(pad) : "memory");
}

__attribute__((noinline)) size_t rescue(int depth) {
  try {
    fail(depth);
  } catch (const std::exception& error) {
    return strlen(error.what());
  }
  return 0;
}

__attribute__((noinline)) int variable(int size) {
  volatile char* bytes = static_cast<volatile char*>(__builtin_alloca(size * 16 + 16));
  int total = 0;
  for (int i = 0; i < size * 16; i++) total += bytes[i] = static_cast<char>(i);
  return total;
}

__attribute__((noinline)) size_t words(int count) {
  std::map<std::string, size_t> seen;
  for (int i = 0; i < count; i++) seen["key" + std::to_string(i * 7919 % count)]++;
  return seen.size();
}

static int ascending(const void* a, const void* b) { return *static_cast<const int*>(a) - *static_cast<const int*>(b); }

int main() {
  std::vector<std::unique_ptr<Shape>> shapes;
  shapes.emplace_back(new Grid<41>);
  shapes.emplace_back(new Grid<49>);
  const std::function<double(int)> areas = [&](int depth) {
    double total = 0;
    for (auto& shape : shapes) total += shape->area(depth);
    return total;
  };
  double total = 0;
  for (clock_t end = clock() + CLOCKS_PER_SEC / 2; clock() < end;) {
    for (int i = 0; i < 10; i++) {
      int numbers[1000];
      for (int& number : numbers) number = rand();
      qsort(numbers, 1000, sizeof(int), ascending);
      total += areas(i) + rescue(2 * i) + variable(30 * i) + words(100) + numbers[i];
    }
  }
  return total == 0;
}
