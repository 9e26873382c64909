// Busy for SECONDS (argv[1]) in templates, virtual calls and recursion; then says when it was done.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <time.h>
#include <vector>

namespace shapes {
struct Shape {
  virtual ~Shape() = default;
  virtual double area(int depth) const = 0;
};
struct Square : Shape {
  double side = 1;
  __attribute__((noinline)) double area(int depth) const override {
    return depth == 0 ? side * side : area(depth - 1) * 1.0001 + depth;
  }
};
struct Circle : Shape {
  double radius = 2;
  __attribute__((noinline)) double area(int depth) const override {
    return depth == 0 ? radius * 3.14 : area(depth - 1) * 1.0002 - depth;
  }
};
}  // namespace shapes

template <typename Key, typename Value>
__attribute__((noinline)) std::size_t fill(std::map<Key, Value> &counts, int rounds) {
  for (int i = 0; i < rounds; i++) counts[Key(i % 97)] += Value(i);
  return counts.size();
}

template <typename T>
__attribute__((noinline)) T sorted(std::vector<T> values) {
  std::sort(values.begin(), values.end(), [](const T &a, const T &b) { return a * 7919 % 1009 < b * 7919 % 1009; });
  return values[values.size() / 2];
}

__attribute__((noinline)) std::string words(int count) {
  std::string text;
  for (int i = 0; i < count; i++) text += std::to_string(i) + ' ';
  return text;
}

int main(int argc, char **argv) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(int(1000 * atof(argv[1])));
  std::vector<std::unique_ptr<shapes::Shape>> all;
  for (int i = 0; i < 10; i++) {
    if (i % 2) all.push_back(std::make_unique<shapes::Square>());
    else all.push_back(std::make_unique<shapes::Circle>());
  }
  std::map<long, double> counts;
  std::vector<long> numbers(2000);
  for (std::size_t i = 0; i < numbers.size(); i++) numbers[i] = long(i);
  double sum = 0;
  while (std::chrono::steady_clock::now() < end) {
    for (const auto &shape : all) sum += shape->area(20);
    sum += double(fill<long, double>(counts, 5000)) + double(sorted<long>(numbers)) + double(words(300).size());
  }
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  FILE *done = fopen(getenv("DONE_FILE"), "w");
  fprintf(done, "%lld", now.tv_sec * 1000000000LL + now.tv_nsec);
  fclose(done);
  return sum == 42;
}
