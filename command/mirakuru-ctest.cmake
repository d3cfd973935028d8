# Services that ctest starts once for several tests, whatever language these are written in.
#
#   mirakuru_add_fixture(redis
#     COMMAND redis-server --port {port}
#     READY   TCP 127.0.0.1:{port}
#     TIMEOUT 10)
#   add_test(NAME api_test COMMAND api_test)
#   mirakuru_use_fixtures(api_test redis)
#
# The test finds it by mirakuru::ctest::fixture("redis") in C++, and in any other language by the
# variables that `mirakuru exec redis -- ./api_test` sets.
include_guard(GLOBAL)

# mirakuru_add_fixture(<name> COMMAND <word>... [READY <kind> ...]... [TIMEOUT <seconds>]
#   [STOP_TIMEOUT <seconds>] [STOP_SIGNAL <signal>] [ENVIRONMENT <variable>=<value>...]
#   [WORKING_DIRECTORY <directory>] [DEPENDS <other fixture>...])
#
# What can follow READY, once or several times (then all of them must be so):
#   TCP host:port    HTTP url [STATUS <number or regex>] [METHOD <method>]    OUTPUT regex
#   FILE path        UNIX path        COMMAND <word>...        NOTIFY
#
# The first word of a COMMAND may be a target. {port}, {port:name}, {tmpdir} and {name} work
# everywhere, and so do {other.port} and the like for what is behind DEPENDS.
#
# Makes the tests mirakuru.<name>.up and mirakuru.<name>.down.
function(mirakuru_add_fixture name)
  if(NOT name MATCHES "^[A-Za-z0-9_-]+$")
    message(FATAL_ERROR
      "mirakuru_add_fixture: '${name}' is no name: letters, digits, _ and - make one")
  endif()
  get_property(known GLOBAL PROPERTY mirakuru_fixtures)
  if(name IN_LIST known)
    message(FATAL_ERROR "mirakuru_add_fixture(${name}): there is a fixture of this name already")
  endif()

  # By hand: COMMAND means two things. And what it says becomes JSON at once: a list of CMake would
  # lose words with semicolons or brackets.
  set(one_word TIMEOUT STOP_TIMEOUT STOP_SIGNAL WORKING_DIRECTORY)
  set(keys COMMAND READY ENVIRONMENT DEPENDS ${one_word})
  foreach(key IN LISTS keys)
    set(json_${key} "")
  endforeach()
  set(seen "")
  set(key "")
  set(behind_ready FALSE)
  set(kinds 0)
  set(depends "")
  set(i 0)
  math(EXPR last "${ARGC} - 1")
  while(i LESS last)
    math(EXPR i "${i} + 1")
    set(word "${ARGV${i}}")
    _mirakuru_json_string(json "${word}")
    if(key STREQUAL "READY" AND word MATCHES "^(TCP|HTTP|OUTPUT|FILE|UNIX|COMMAND|NOTIFY)$" AND
       (behind_ready OR NOT word STREQUAL "COMMAND" OR "COMMAND" IN_LIST seen))
      math(EXPR kinds "${kinds} + 1")
      set(kind_${kinds} ${word})
      set(what_${kinds} "")
      set(options_${kinds} "")
      set(option_${kinds} "")
      set(behind_ready FALSE)
    elseif(behind_ready)
      message(FATAL_ERROR "mirakuru_add_fixture(${name}): READY ${word}: there is no such kind, "
        "but TCP, HTTP, OUTPUT, FILE, UNIX, COMMAND and NOTIFY")
    elseif(word IN_LIST keys)
      if(word STREQUAL "READY")
        set(behind_ready TRUE)
      elseif(word IN_LIST seen)
        message(FATAL_ERROR "mirakuru_add_fixture(${name}): ${word} is there twice")
      endif()
      set(key ${word})
      list(APPEND seen ${word})
    elseif(key STREQUAL "")
      message(FATAL_ERROR "mirakuru_add_fixture(${name}): '${word}' stands where COMMAND, READY, "
        "TIMEOUT, STOP_TIMEOUT, STOP_SIGNAL, ENVIRONMENT, WORKING_DIRECTORY or DEPENDS is expected")
    elseif(key STREQUAL "READY" AND NOT option_${kinds} STREQUAL "")
      string(TOLOWER ${option_${kinds}} option)
      string(APPEND options_${kinds} ", \"${option}\": ${json}")
      set(option_${kinds} "")
    elseif(key STREQUAL "READY" AND kind_${kinds} STREQUAL "HTTP" AND
           word MATCHES "^(STATUS|METHOD)$")
      set(option_${kinds} ${word})
    elseif(key STREQUAL "READY")
      if(kind_${kinds} STREQUAL "NOTIFY" OR
         NOT (kind_${kinds} STREQUAL "COMMAND" OR what_${kinds} STREQUAL ""))
        message(FATAL_ERROR
          "mirakuru_add_fixture(${name}): READY ${kind_${kinds}}: '${word}' is too much")
      endif()
      _mirakuru_append(what_${kinds} "${json}")
    else()
      if(key IN_LIST one_word AND NOT json_${key} STREQUAL "")
        message(FATAL_ERROR "mirakuru_add_fixture(${name}): ${key}: '${word}' is too much")
      elseif(key MATCHES "TIMEOUT$")
        if(NOT word MATCHES "^(0|[1-9][0-9]*)([.][0-9]+)?$")
          message(FATAL_ERROR
            "mirakuru_add_fixture(${name}): ${key} is to be a number of seconds, not '${word}'")
        endif()
        set(json ${word})
      elseif(key STREQUAL "COMMAND" AND json_COMMAND STREQUAL "" AND
             word MATCHES "^[A-Za-z0-9_.+:-]+$")
        # The target may be made later. $<TARGET_FILE> wants one that exists even where it does not
        # count.
        set(is_target "$<TARGET_EXISTS:${word}>")
        set(target "$<IF:${is_target},${word},mirakuru::command>")
        set(json "\"$<IF:${is_target},$<TARGET_FILE:${target}>,${word}>\"")
      elseif(key STREQUAL "ENVIRONMENT")
        if(NOT word MATCHES "^([^=]+)=(.*)$")
          message(FATAL_ERROR
            "mirakuru_add_fixture(${name}): ENVIRONMENT: '${word}' is not <variable>=<value>")
        endif()
        _mirakuru_json_string(variable "${CMAKE_MATCH_1}")
        _mirakuru_json_string(json "${CMAKE_MATCH_2}")
        string(PREPEND json "${variable}: ")
      elseif(key STREQUAL "DEPENDS")
        if(NOT word IN_LIST known)
          message(FATAL_ERROR "mirakuru_add_fixture(${name}): DEPENDS ${word}: there is no such "
            "fixture (yet): mirakuru_add_fixture(${word} ...) comes first")
        endif()
        list(APPEND depends ${word})
      endif()
      _mirakuru_append(json_${key} "${json}")
    endif()
  endwhile()
  if(behind_ready)
    message(FATAL_ERROR "mirakuru_add_fixture(${name}): READY: what follows is missing")
  endif()

  # A file of services with this one: what the command reads.
  if(json_COMMAND STREQUAL "")
    message(FATAL_ERROR "mirakuru_add_fixture(${name}): it needs COMMAND <program> [<argument>...]")
  endif()
  set(json "{\"services\": {\n  \"${name}\": {\n    \"command\": [${json_COMMAND}]")
  set(i 0)
  while(i LESS kinds)
    math(EXPR i "${i} + 1")
    set(kind ${kind_${i}})
    if(kind STREQUAL "NOTIFY")
      set(what_${i} true)
    elseif(what_${i} STREQUAL "")
      message(FATAL_ERROR "mirakuru_add_fixture(${name}): READY ${kind}: what follows is missing")
    elseif(NOT option_${i} STREQUAL "")
      message(FATAL_ERROR
        "mirakuru_add_fixture(${name}): READY ${kind}: what follows ${option_${i}} is missing")
    elseif(kind STREQUAL "COMMAND")
      set(what_${i} "[${what_${i}}]")
    endif()
    string(TOLOWER ${kind} kind)
    _mirakuru_append(json_READY "{\"${kind}\": ${what_${i}}${options_${i}}}")
  endwhile()
  if(kinds GREATER 0)
    string(APPEND json ",\n    \"ready\": [${json_READY}]")
  endif()
  foreach(key IN LISTS one_word)
    if(NOT json_${key} STREQUAL "")
      string(TOLOWER ${key} lower)
      string(APPEND json ",\n    \"${lower}\": ${json_${key}}")
    elseif(key IN_LIST seen)
      message(FATAL_ERROR "mirakuru_add_fixture(${name}): what follows ${key} is missing")
    endif()
  endforeach()
  string(APPEND json ",\n    \"environment\": {${json_ENVIRONMENT}}\n  }\n}}\n")
  _mirakuru_fixtures_directory(directory)
  get_property(configurations GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  set(file
    ${CMAKE_BINARY_DIR}/CMakeFiles/mirakuru-fixtures/${name}$<${configurations}:-$<CONFIG>>.json)
  file(GENERATE OUTPUT ${file} CONTENT "${json}")

  # Setup and cleanup, which both need what this one depends on: so that is there before, and goes
  # after it. Cleanup runs even where setup has failed because another ctest uses the fixture.
  add_test(NAME mirakuru.${name}.up
    COMMAND mirakuru::command up --directory ${directory} --owner parent --file ${file})
  add_test(NAME mirakuru.${name}.down
    COMMAND mirakuru::command down --directory ${directory} --owner parent ${name})
  set_tests_properties(mirakuru.${name}.up PROPERTIES FIXTURES_SETUP ${name})
  set_tests_properties(mirakuru.${name}.down PROPERTIES FIXTURES_CLEANUP ${name})
  if(depends)
    set_tests_properties(mirakuru.${name}.up mirakuru.${name}.down PROPERTIES
      FIXTURES_REQUIRED "${depends}")
  endif()
  set_property(GLOBAL APPEND PROPERTY mirakuru_fixtures ${name})
endfunction()

# mirakuru_use_fixtures(<test>... <fixture>...)
#
# A <test> is one of add_test(), or a target whose tests gtest_discover_tests() or
# catch_discover_tests() finds: then all of them. Called behind the one or the other.
function(mirakuru_use_fixtures)
  get_property(known GLOBAL PROPERTY mirakuru_fixtures)
  set(tests "")
  set(targets "")
  set(fixtures "")
  foreach(word IN LISTS ARGN)
    if(word IN_LIST known)
      list(APPEND fixtures ${word})
    elseif(fixtures)
      list(JOIN known ", " known)
      message(FATAL_ERROR "mirakuru_use_fixtures: there is no fixture '${word}'; those of "
        "mirakuru_add_fixture() are: ${known}")
    elseif(TEST "${word}")
      list(APPEND tests ${word})
    elseif(TARGET "${word}")
      list(APPEND targets ${word})
    else()
      list(JOIN known ", " known)
      message(FATAL_ERROR "mirakuru_use_fixtures: '${word}' is no test of add_test(), no target "
        "with discovered tests, and no fixture of mirakuru_add_fixture() (those are: ${known})")
    endif()
  endforeach()
  if(NOT fixtures OR NOT (tests OR targets))
    message(FATAL_ERROR "mirakuru_use_fixtures(<test>... <fixture>...): at least one of each")
  endif()
  _mirakuru_fixtures_directory(directory)
  set(modification "MIRAKURU_FIXTURES=set:${directory}")
  if(tests)
    set_property(TEST ${tests} APPEND PROPERTY FIXTURES_REQUIRED ${fixtures})
    set_property(TEST ${tests} APPEND PROPERTY ENVIRONMENT_MODIFICATION "${modification}")
  endif()
  # ctest knows discovered tests only when it runs, from a script that leaves their names in a
  # variable; this one is read behind it.
  foreach(target IN LISTS targets)
    set_property(GLOBAL APPEND PROPERTY mirakuru_fixtures_of_${target} ${fixtures})
    get_property(fixtures_of_target GLOBAL PROPERTY mirakuru_fixtures_of_${target})
    set(script ${CMAKE_CURRENT_BINARY_DIR}/${target}-mirakuru-fixtures.cmake)
    file(WRITE ${script}
      "if(${target}_TESTS)\n"
      "  set_tests_properties(\${${target}_TESTS} PROPERTIES\n"
      "    FIXTURES_REQUIRED [==[${fixtures_of_target}]==]\n"
      "    ENVIRONMENT_MODIFICATION [==[${modification}]==])\n"
      "endif()\n")
    set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${script})
  endforeach()
endfunction()

# Where the services of this build are announced, and their logs are kept.
function(_mirakuru_fixtures_directory result)
  set(${result} ${CMAKE_BINARY_DIR}/mirakuru-fixtures PARENT_SCOPE)
endfunction()

# The text as JSON has it.
function(_mirakuru_json_string result text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REPLACE "\n" "\\n" text "${text}")
  string(REPLACE "\t" "\\t" text "${text}")
  set(${result} "\"${text}\"" PARENT_SCOPE)
endfunction()

# Appends to the elements of a JSON list.
function(_mirakuru_append list json)
  if(NOT ${list} STREQUAL "")
    string(PREPEND json ", ")
  endif()
  set(${list} "${${list}}${json}" PARENT_SCOPE)
endfunction()
