# How every module of the project is built: one static library a folder, its dependencies stated,
# warnings as errors. Beast is compiled in daemon/http alone, Asio in few places.

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(spdlog REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(SQLite3 3.37 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(EXPAT 2.4 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(date REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(systemd REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(xlsxwriter REQUIRED IMPORTED_TARGET xlsxwriter)
pkg_check_modules(curl REQUIRED IMPORTED_TARGET libcurl>=7.87)  # CURLOPT_QUICK_EXIT; with OpenSSL

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()

include(cmake/hardening.cmake)

add_library(district_options INTERFACE)
target_compile_options(district_options INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Werror)
target_compile_definitions(district_options INTERFACE
  BOOST_ASIO_NO_DEPRECATED SPDLOG_COMPILED_LIB)
target_include_directories(district_options INTERFACE ${PROJECT_SOURCE_DIR})
target_link_libraries(district_options INTERFACE district_hardening Threads::Threads)

# district_module(NAME SOURCES a.cpp ... DEPENDS lib ...): the static library district_NAME.
function(district_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(district_${name} STATIC ${arg_SOURCES})
  target_link_libraries(district_${name} PUBLIC district_options ${arg_DEPENDS})
endfunction()

# district_test(NAME SOURCES a.cpp ... DEPENDS lib ...): the GoogleTest binary NAME, one ctest entry
# a test case, labelled "unit".
function(district_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE district_options ${arg_DEPENDS} GTest::gmock_main)
  gtest_discover_tests(${name} PROPERTIES LABELS unit TIMEOUT 120 DISCOVERY_TIMEOUT 60)
endfunction()

# district_bench(NAME SOURCES a.cpp ... DEPENDS lib ...): a Google Benchmark binary, run by hand and
# by tests/bench/run.sh; never a timed test.
function(district_bench name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE district_options ${arg_DEPENDS} benchmark::benchmark_main)
endfunction()
