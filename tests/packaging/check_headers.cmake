# Compiles every public header alone, and checks what it includes: none of the libraries that
# mirakuru is built on, except abseil if the user asked for it by including status.hpp.
cmake_minimum_required(VERSION 3.22)

file(MAKE_DIRECTORY ${WORK_DIR})
file(GLOB include_dirs ${SOURCE_DIR}/*/include)
list(TRANSFORM include_dirs PREPEND -I OUTPUT_VARIABLE include_options)

foreach(include_dir IN LISTS include_dirs)
  file(GLOB_RECURSE headers RELATIVE ${include_dir} ${include_dir}/*.hpp)
  foreach(header IN LISTS headers)
    file(WRITE ${WORK_DIR}/alone.cpp "#include <${header}>\n#include <${header}>\n")
    execute_process(
      COMMAND ${COMPILER} -std=c++${STANDARD} -Wall -Wextra -Wpedantic -Werror ${include_options}
              -fsyntax-only -MD -MF ${WORK_DIR}/alone.d ${WORK_DIR}/alone.cpp
      RESULT_VARIABLE status
      ERROR_VARIABLE messages)
    if(NOT status EQUAL 0)
      message(SEND_ERROR "<${header}> does not compile alone:\n${messages}")
      continue()
    endif()
    file(READ ${WORK_DIR}/alone.d included)
    if(NOT header MATCHES "status.hpp$" AND included MATCHES "[^ ]*/(boost|curl|absl|re2)/[^ ]*")
      message(SEND_ERROR "<${header}> includes ${CMAKE_MATCH_0}")
    endif()
    math(EXPR count "${count} + 1")
  endforeach()
endforeach()

if(NOT count)
  message(FATAL_ERROR "no header passed")
endif()
message(STATUS "${count} headers compile alone")
