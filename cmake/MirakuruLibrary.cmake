# The library: one file, made of three modules (directories, each with a target of objects), which
# depend on each other as their #includes show. So a shared library hides what the modules share,
# and exports one set of symbols: those of the public headers (mirakuru/export.hpp).
include_guard()

find_package(CURL REQUIRED)
find_package(Threads REQUIRED)
find_package(absl REQUIRED)
include(${CMAKE_CURRENT_LIST_DIR}/MirakuruRe2.cmake)
if(NOT TARGET mirakuru::re2)
  message(FATAL_ERROR "mirakuru needs re2 (Debian: libre2-dev).")
endif()

# Private libraries. A program without an HttpCheck does not need libcurl, whose many libraries cost
# every start of the program some milliseconds: so only libcurl is linked as needed; the user's own
# setting applies to all others. One dash, since CMake would merge these options with abseil's, which
# have two.
set(mirakuru_private_libraries
  -Wl,-push-state,-as-needed CURL::libcurl -Wl,-pop-state
  mirakuru::re2 Threads::Threads absl::strings)

# mirakuru_set_version(<library>): the version of a shared library's file. An incompatible change
# increases the minor version while the major one is 0.
function(mirakuru_set_version library)
  set_target_properties(${library} PROPERTIES
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
endfunction()

# mirakuru_add_library(<module>...): mirakuru::core with all modules; a target mirakuru::<module>
# for each further one; and mirakuru_internals, for programs of this project that use more than the
# public headers: the same library, but always static.
function(mirakuru_add_library)
  set(objects ${ARGN})
  list(TRANSFORM objects REPLACE "(.+)" "$<TARGET_OBJECTS:mirakuru_\\1_objects>")
  add_library(mirakuru_core ${objects})
  set(libraries mirakuru_core)
  if(BUILD_SHARED_LIBS)
    add_library(mirakuru_internals STATIC EXCLUDE_FROM_ALL ${objects})
    list(APPEND libraries mirakuru_internals)
  else()
    add_library(mirakuru_internals ALIAS mirakuru_core)
  endif()
  foreach(library IN LISTS libraries)
    set_target_properties(${library} PROPERTIES LINKER_LANGUAGE CXX)
    mirakuru_compile(${library})
    foreach(module IN LISTS ARGN)
      target_include_directories(${library} PUBLIC
        $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/${module}/include>)
    endforeach()
    target_include_directories(${library} PUBLIC $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    # PUBLIC, since <mirakuru/status.hpp> includes abseil's header: there is no other way for a
    # program that includes it to find and link what it needs. Everything else is private.
    target_link_libraries(${library}
      PUBLIC  absl::status
      PRIVATE ${mirakuru_private_libraries})
  endforeach()

  mirakuru_set_version(mirakuru_core)
  set_target_properties(mirakuru_core PROPERTIES OUTPUT_NAME mirakuru EXPORT_NAME core)
  add_library(mirakuru::core ALIAS mirakuru_core)
  set(targets mirakuru_core)
  foreach(module IN LISTS ARGN)
    if(NOT module STREQUAL "core")
      add_library(mirakuru_${module} INTERFACE)
      add_library(mirakuru::${module} ALIAS mirakuru_${module})
      target_link_libraries(mirakuru_${module} INTERFACE mirakuru_core)
      set_target_properties(mirakuru_${module} PROPERTIES EXPORT_NAME ${module})
      list(APPEND targets mirakuru_${module})
    endif()
  endforeach()
  mirakuru_install(core TARGETS ${targets})
  mirakuru_install_pkg_config(mirakuru
    LIBRARY     mirakuru_core
    DESCRIPTION "${PROJECT_DESCRIPTION}"
    REQUIRES    absl_status
    PRIVATE     absl_strings libcurl re2)
  if(MIRAKURU_INSTALL)
    foreach(module IN LISTS ARGN)
      install(DIRECTORY ${PROJECT_SOURCE_DIR}/${module}/include/ TYPE INCLUDE)
    endforeach()
  endif()
endfunction()
