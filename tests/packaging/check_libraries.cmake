# The program must be linked with libc and with nothing else.
execute_process(COMMAND ${READELF} -d ${PROGRAM} OUTPUT_VARIABLE dynamic COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "\\(NEEDED\\)[^\n]*\\[[^\n]*\\]" needed "${dynamic}")
list(TRANSFORM needed REPLACE ".*\\[(.*)\\]" "\\1")
if(NOT needed STREQUAL "libc.so.6")
  message(FATAL_ERROR "${PROGRAM} needs: ${needed}")
endif()
