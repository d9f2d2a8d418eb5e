// How fast this machine reads memory: sums 256 MB, far more than its caches hold, each time a line asks for it. Prints the nanoseconds.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

typedef uint64_t vec __attribute__((vector_size(32)));

int main() {
  const size_t count = (size_t(256) << 20) / sizeof(vec);
  std::vector<vec> memory(count, vec{1, 2, 3, 4});
  volatile uint64_t kept = 0;
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    const auto started = std::chrono::steady_clock::now();
    vec a{}, b{}, c{}, d{};
    for (size_t at = 0; at < count; at += 4) {
      a += memory[at];
      b += memory[at + 1];
      c += memory[at + 2];
      d += memory[at + 3];
    }
    a += b + c + d;
    kept = kept + a[0] + a[1] + a[2] + a[3];
    const auto took = std::chrono::steady_clock::now() - started;
    printf("%lld\n", (long long)std::chrono::duration_cast<std::chrono::nanoseconds>(took).count());
    fflush(stdout);
  }
}
