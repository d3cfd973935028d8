// Reading a service's output, and writing to its stdin.
#include <gtest/gtest.h>

#include <mirakuru/mirakuru.hpp>

using namespace std::chrono_literals;

TEST(Output, IsRead) {
  // [readme:output]
  mirakuru::OutputExecutor service({"sh", "-c", "echo ready; cat; echo 'bye bye' >&2"}, "ready");
  service.start();

  service.input().write("one\ntwo\n");
  EXPECT_EQ(service.output().wait_for("^tw", 5s), "two");  // the next line that matches
  service.input().write("three\n");
  EXPECT_EQ(service.output().read_line(5s), "three");  // the next line
  service.input().close();

  EXPECT_EQ(service.wait(5s).code(), 0);
  EXPECT_EQ(service.output().text(), "ready\none\ntwo\nthree\n");  // after the end, too
  EXPECT_EQ(service.output().tail(2), "two\nthree\n");
  EXPECT_EQ(service.err_output().match("bye"), "bye bye");
  // [readme:end]
}

TEST(Output, IsNotBufferedWithATerminal) {
  // [readme:terminal]
  // With a pipe, Python would buffer this line until the program ends.
  mirakuru::OutputExecutor service({"python3", "-c", "print('ready'); input()"}, "ready",
                                   {.std_out = mirakuru::Stream::terminal()});
  // [readme:end]
  service.start();
  EXPECT_TRUE(service.running());
}
