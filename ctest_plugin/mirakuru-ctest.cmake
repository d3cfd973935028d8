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
#   [WORKING_DIRECTORY <folder>] [DEPENDS <other fixture>...])
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

  # By hand: COMMAND means two things.
  set(key "")
  set(readiness "")
  set(seen "")
  math(EXPR last "${ARGC} - 1")
  foreach(i RANGE 1 ${last})
    if(i GREATER last)
      break()
    endif()
    set(word "${ARGV${i}}")
    if(key STREQUAL "READY" AND word MATCHES "^(TCP|HTTP|OUTPUT|FILE|UNIX|NOTIFY)$" OR
       (key STREQUAL "READY" AND word STREQUAL "COMMAND" AND "COMMAND" IN_LIST seen))
      math(EXPR count "${count} + 1")
      string(TOLOWER "${word}" ready_kind_${count})
      set(ready_${count} "")
      set(ready_option "")
    elseif(word MATCHES "^(COMMAND|READY|TIMEOUT|STOP_TIMEOUT|STOP_SIGNAL|ENVIRONMENT|WORKING_DIRECTORY|DEPENDS)$"
           AND NOT (key STREQUAL "READY" AND word STREQUAL "COMMAND" AND "COMMAND" IN_LIST seen))
      set(key "${word}")
      list(APPEND seen "${word}")
    elseif(key STREQUAL "")
      message(FATAL_ERROR "mirakuru_add_fixture(${name}): '${word}' stands where COMMAND, READY, "
        "TIMEOUT, STOP_TIMEOUT, STOP_SIGNAL, ENVIRONMENT, WORKING_DIRECTORY or DEPENDS is expected")
    elseif(key STREQUAL "READY")
      if(NOT count)
        message(FATAL_ERROR "mirakuru_add_fixture(${name}): READY ${word}: there is no such kind, "
          "but TCP, HTTP, OUTPUT, FILE, UNIX, COMMAND and NOTIFY")
      endif()
      if(ready_kind_${count} STREQUAL "http" AND word MATCHES "^(STATUS|METHOD)$")
        string(TOLOWER "${word}" ready_option)
      elseif(ready_option)
        set(ready_${ready_option}_${count} "${word}")
        set(ready_option "")
      elseif(NOT ready_kind_${count} STREQUAL "command" AND NOT ready_${count} STREQUAL "" OR
             ready_kind_${count} STREQUAL "notify")
        string(TOUPPER "${ready_kind_${count}}" kind)
        message(FATAL_ERROR "mirakuru_add_fixture(${name}): READY ${kind}: '${word}' is too much")
      else()
        _mirakuru_json_string(json "${word}")
        list(APPEND ready_${count} "${json}")
      endif()
    else()
      _mirakuru_json_string(json "${word}")
      list(APPEND words_${key} "${json}")
      list(APPEND raw_${key} "${word}")
    endif()
  endforeach()

  if(NOT words_COMMAND)
    message(FATAL_ERROR "mirakuru_add_fixture(${name}): it needs COMMAND <program> [<argument>...]")
  endif()
  foreach(key TIMEOUT STOP_TIMEOUT)
    if(DEFINED raw_${key} AND NOT raw_${key} MATCHES "^[0-9]+([.][0-9]+)?$")
      message(FATAL_ERROR
        "mirakuru_add_fixture(${name}): ${key} is to be a number of seconds, not '${raw_${key}}'")
    endif()
  endforeach()
  foreach(other IN LISTS raw_DEPENDS)
    if(NOT other IN_LIST known)
      message(FATAL_ERROR "mirakuru_add_fixture(${name}): DEPENDS ${other}: there is no such "
        "fixture (yet): mirakuru_add_fixture(${other} ...) comes first")
    endif()
  endforeach()

  # A file of services with this one: what the command reads.
  _mirakuru_json_command(command words_COMMAND raw_COMMAND)
  set(json "{\"services\": {\n  \"${name}\": {\n    \"command\": ${command}")
  if(count)
    set(all "")
    foreach(i RANGE 1 ${count})
      set(kind "${ready_kind_${i}}")
      if(kind STREQUAL "notify")
        set(one "{\"notify\": true")
      elseif(NOT ready_${i})
        string(TOUPPER "${kind}" kind)
        message(FATAL_ERROR "mirakuru_add_fixture(${name}): READY ${kind}: what follows is missing")
      elseif(kind STREQUAL "command")
        string(JOIN ", " one ${ready_${i}})
        set(one "{\"command\": [${one}]")
      else()
        set(one "{\"${kind}\": ${ready_${i}}")
      endif()
      foreach(option status method)
        if(DEFINED ready_${option}_${i})
          _mirakuru_json_string(value "${ready_${option}_${i}}")
          string(APPEND one ", \"${option}\": ${value}")
        endif()
      endforeach()
      list(APPEND all "${one}}")
    endforeach()
    string(JOIN ", " all ${all})
    string(APPEND json ",\n    \"ready\": [${all}]")
  endif()
  if(DEFINED raw_TIMEOUT)
    string(APPEND json ",\n    \"timeout\": ${raw_TIMEOUT}")
  endif()
  if(DEFINED raw_STOP_TIMEOUT)
    string(APPEND json ",\n    \"stop_timeout\": ${raw_STOP_TIMEOUT}")
  endif()
  if(DEFINED words_STOP_SIGNAL)
    string(APPEND json ",\n    \"stop_signal\": ${words_STOP_SIGNAL}")
  endif()
  if(DEFINED words_WORKING_DIRECTORY)
    string(APPEND json ",\n    \"working_directory\": ${words_WORKING_DIRECTORY}")
  endif()
  if(DEFINED raw_ENVIRONMENT)
    set(variables "")
    foreach(variable IN LISTS raw_ENVIRONMENT)
      if(NOT variable MATCHES "^([^=]+)=(.*)$")
        message(FATAL_ERROR
          "mirakuru_add_fixture(${name}): ENVIRONMENT: '${variable}' is not <variable>=<value>")
      endif()
      _mirakuru_json_string(left "${CMAKE_MATCH_1}")
      _mirakuru_json_string(right "${CMAKE_MATCH_2}")
      list(APPEND variables "${left}: ${right}")
    endforeach()
    string(JOIN ", " variables ${variables})
    string(APPEND json ",\n    \"environment\": {${variables}}")
  endif()
  string(APPEND json "\n  }\n}}\n")
  _mirakuru_fixtures_folder(folder)
  set(file ${folder}/${name}.json)
  file(GENERATE OUTPUT ${file} CONTENT "${json}")

  # Setup and cleanup, which both need what this one depends on: so that is there before, and goes
  # after it.
  add_test(NAME mirakuru.${name}.up
    COMMAND mirakuru::command up --folder ${folder} --owner parent --file ${file})
  add_test(NAME mirakuru.${name}.down COMMAND mirakuru::command down --folder ${folder} ${name})
  set_tests_properties(mirakuru.${name}.up PROPERTIES FIXTURES_SETUP ${name})
  set_tests_properties(mirakuru.${name}.down PROPERTIES FIXTURES_CLEANUP ${name})
  if(raw_DEPENDS)
    set_tests_properties(mirakuru.${name}.up mirakuru.${name}.down PROPERTIES
      FIXTURES_REQUIRED "${raw_DEPENDS}")
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
      message(FATAL_ERROR "mirakuru_use_fixtures: there is no fixture '${word}'; those of "
        "mirakuru_add_fixture() are: ${known}")
    elseif(TEST ${word})
      list(APPEND tests ${word})
    elseif(TARGET ${word})
      list(APPEND targets ${word})
    else()
      message(FATAL_ERROR "mirakuru_use_fixtures: '${word}' is no test of add_test(), no target "
        "with discovered tests, and no fixture of mirakuru_add_fixture() (those are: ${known})")
    endif()
  endforeach()
  if(NOT fixtures OR NOT (tests OR targets))
    message(FATAL_ERROR "mirakuru_use_fixtures(<test>... <fixture>...): at least one of each")
  endif()
  _mirakuru_fixtures_folder(folder)
  set(modification "MIRAKURU_FIXTURES=set:${folder}")
  if(tests)
    set_property(TEST ${tests} APPEND PROPERTY FIXTURES_REQUIRED ${fixtures})
    set_property(TEST ${tests} APPEND PROPERTY ENVIRONMENT_MODIFICATION "${modification}")
  endif()
  # ctest knows discovered tests only when it runs, from a script that leaves their names in a
  # variable; this one is read behind it.
  foreach(target IN LISTS targets)
    set(script ${CMAKE_CURRENT_BINARY_DIR}/${target}-mirakuru-fixtures.cmake)
    file(WRITE ${script}
      "if(${target}_TESTS)\n"
      "  set_tests_properties(\${${target}_TESTS} PROPERTIES\n"
      "    FIXTURES_REQUIRED [==[${fixtures}]==]\n"
      "    ENVIRONMENT_MODIFICATION [==[${modification}]==])\n"
      "endif()\n")
    set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${script})
  endforeach()
endfunction()

# Where the services of this build are announced, and their logs are kept.
function(_mirakuru_fixtures_folder result)
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

# The words of a command as JSON has them: a target is the program that it builds.
function(_mirakuru_json_command result words raw)
  set(words "${${words}}")
  list(GET ${raw} 0 program)
  if(TARGET ${program})
    list(REMOVE_AT words 0)
    list(PREPEND words "\"$<TARGET_FILE:${program}>\"")
  endif()
  string(JOIN ", " words ${words})
  set(${result} "[${words}]" PARENT_SCOPE)
endfunction()
