# Builds programs with the package's pkg-config files, in the place where the package was installed
# and after it was moved. Without --static, which would require static libraries of others too.
cmake_minimum_required(VERSION 3.22)
separate_arguments(flags UNIX_COMMAND "${FLAGS}")

# build_and_run(<prefix> <pc> <source>)
function(build_and_run prefix pc source)
  set(ENV{PKG_CONFIG_PATH} ${prefix}/${LIBDIR}/pkgconfig)
  set(ENV{LD_LIBRARY_PATH} ${prefix}/${LIBDIR})
  execute_process(COMMAND ${PKG_CONFIG} --cflags --libs ${pc}
    OUTPUT_VARIABLE options OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(options UNIX_COMMAND "${options}")
  execute_process(
    COMMAND ${COMPILER} -std=c++17 ${flags} "-DHTTP_SERVER=\"${HTTP_SERVER}\"" ${source} ${options}
            -o ${WORK_DIR}/program
    COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${WORK_DIR}/program COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(MAKE_DIRECTORY ${WORK_DIR})
set(moved ${WORK_DIR}/moved)
file(REMOVE_RECURSE ${moved})
file(COPY ${PREFIX}/ DESTINATION ${moved})
build_and_run(${PREFIX} mirakuru ${CONSUMERS}/find_package_core/with_http.cpp)
execute_process(COMMAND ${PKG_CONFIG} --variable=valgrind_suppressions mirakuru
  OUTPUT_VARIABLE suppressions OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
if(NOT EXISTS "${suppressions}")
  message(FATAL_ERROR "there is no valgrind_suppressions=${suppressions}")
endif()
build_and_run(${moved} mirakuru ${CONSUMERS}/find_package_core/without_http.cpp)
build_and_run(${moved} mirakuru-gtest_main ${CONSUMERS}/my_test.cpp)
