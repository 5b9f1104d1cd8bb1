#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace districtd {

void check_failed(const char* condition, const char* what, const char* file, int line) {
  std::fprintf(stderr,
               "districtd: a fault of the program at %s:%d: %s (%s). What was acknowledged is on "
               "disk. Next: start it again and report this line.\n",
               file, line, what, condition);
  std::abort();
}

}  // namespace districtd
