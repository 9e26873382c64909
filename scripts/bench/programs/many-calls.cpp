// Allocates some eight million times, half of it for a moment only.
#include <map>
#include <string>
#include <vector>

int main() {
  std::map<std::string, std::vector<int>> numbers;
  for (int i = 0; i < 4000000; i++) numbers["a key that is too long for the string itself " + std::to_string(i % 5000)].push_back(i);
  std::vector<std::string> texts;
  for (int i = 0; i < 4000000; i++) texts.push_back(std::string(i % 200, 'x'));
  return 0;
}
