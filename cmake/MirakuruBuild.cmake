# How everything in this project is compiled.
include_guard()

# mirakuru_add_part(<directory> WHEN <condition>): an optional part.
function(mirakuru_add_part directory when condition)
  if(condition AND EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${directory}/CMakeLists.txt)
    add_subdirectory(${directory})
  endif()
endfunction()

# mirakuru_find_framework(<package> <target> WANTED ON|AUTO): the test framework of a plugin. With
# AUTO, if the package is missing, there is no target, and no plugin.
macro(mirakuru_find_framework package target wanted value)
  # A project that includes this one may have provided its own.
  if(NOT TARGET ${target} AND "${value}" STREQUAL AUTO)
    find_package(${package} QUIET)
  elseif(NOT TARGET ${target})
    find_package(${package} REQUIRED)
  endif()
  if(NOT TARGET ${target})
    message(STATUS "mirakuru: ${package} not found; its plugin is not built")
  endif()
endmacro()

# mirakuru_compile(<target>): what all targets of this project have in common.
#
# Warnings are for the developers of mirakuru: a project that includes it with add_subdirectory has
# other compilers, and cannot act on them.
function(mirakuru_compile target)
  target_compile_features(${target} PUBLIC cxx_std_17)
  set_target_properties(${target} PROPERTIES
    CXX_EXTENSIONS OFF
    POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
  if(mirakuru_IS_TOP_LEVEL)
    target_compile_options(${target} PRIVATE
      $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wconversion -Wshadow>)
  endif()
  if(MIRAKURU_WERROR)
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
  endif()
endfunction()

# mirakuru_use_core_internals(<target>): for parts of this project that use more of the core than
# its public headers.
function(mirakuru_use_core_internals target)
  target_include_directories(${target} PRIVATE
    ${PROJECT_SOURCE_DIR}/core/src ${PROJECT_SOURCE_DIR}/core)
endfunction()

# mirakuru_drop_outer_flags(): for a directory whose programs must be the same whatever flags are
# set outside. Of those it keeps the ones that select the machine.
macro(mirakuru_drop_outer_flags)
  string(REGEX MATCHALL "(^| )(-m[^ ]+|--target=[^ ]+|--sysroot=[^ ]+)" machine "${CMAKE_CXX_FLAGS}")
  string(REPLACE ";" " " CMAKE_CXX_FLAGS "${machine}")
  set(CMAKE_EXE_LINKER_FLAGS "")
  foreach(config IN LISTS CMAKE_BUILD_TYPE CMAKE_CONFIGURATION_TYPES)
    string(TOUPPER "${config}" config)
    set(CMAKE_CXX_FLAGS_${config} "")
    set(CMAKE_EXE_LINKER_FLAGS_${config} "")
  endforeach()
  set_directory_properties(PROPERTIES COMPILE_OPTIONS "" COMPILE_DEFINITIONS "" LINK_OPTIONS "")
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION OFF)
endmacro()
