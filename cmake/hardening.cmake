# What the compiler and the linker add against memory errors, in every build that is installed.
# tests/integration/test_hardening.py reads it back from the binary; docs/performance.md says what it
# costs. Builds of type Debug (the sanitizers', the fuzzer's) have only the bounds: fortified calls hide
# from the sanitizers what they would report, and need an optimised build.
#
# -fPIE and -pie by name, not POSITION_INDEPENDENT_CODE: CMake compiles static libraries with -fPIC,
# whose functions may be replaced from outside and are therefore not inlined.
include(CheckCXXCompilerFlag)

add_library(district_hardening INTERFACE)
# Bounds of operator[], empty front() and back(), *optional without a value: these end the program.
target_compile_definitions(district_hardening INTERFACE _GLIBCXX_ASSERTIONS)
if(CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo|MinSizeRel)$")
  target_compile_options(district_hardening INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fPIE)
  foreach(flag -fstack-clash-protection -fcf-protection)  # not on every architecture
    string(MAKE_C_IDENTIFIER "has${flag}" known)
    check_cxx_compiler_flag(${flag} ${known})
    if(${known})
      target_compile_options(district_hardening INTERFACE ${flag})
    endif()
  endforeach()
  target_link_options(district_hardening INTERFACE
    -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
endif()
