# What the consumers have in common: my_test, of the source in `my_test`, and the program under test.
find_package(Threads REQUIRED)
add_executable(http_server ${CMAKE_CURRENT_LIST_DIR}/../../examples/http_server.cpp)
target_link_libraries(http_server PRIVATE Threads::Threads)
add_executable(my_test ${CMAKE_CURRENT_LIST_DIR}/${my_test})

# [readme:program-under-test]
add_dependencies(my_test http_server)
target_compile_definitions(my_test PRIVATE HTTP_SERVER="$<TARGET_FILE:http_server>")
# [readme:end]
