// The seven executors, each with a suitable service.
#include <gtest/gtest.h>

#include <filesystem>
#include <mirakuru/mirakuru.hpp>

TEST(Executors, Start) {
  // [readme:executors]
  mirakuru::SimpleExecutor worker("sleep 60");
  mirakuru::Executor job({"sh", "-c", "touch {tmpdir}/ready; exec sleep 60"},
                         mirakuru::FileCheck{"{tmpdir}/ready"});
  mirakuru::OutputExecutor chat({"sh", "-c", "echo 'ready to chat'; exec cat"}, "ready to .*");
  mirakuru::TCPExecutor tcp("redis-server --port {port} --save ''", "127.0.0.1:{port}");
  mirakuru::UnixSocketExecutor local(
      "redis-server --port 0 --unixsocket {tmpdir}/redis.sock --save ''", "{tmpdir}/redis.sock");
  mirakuru::HTTPExecutor web("python3 -m http.server --bind 127.0.0.1 {port}",
                             "http://127.0.0.1:{port}/", {.cwd = "{tmpdir}"});
  mirakuru::PidExecutor daemon(
      "redis-server --daemonize yes --port {port} --pidfile {tmpdir}/redis.pid --save ''",
      "{tmpdir}/redis.pid");
  // [readme:end]

  for (mirakuru::SimpleExecutor* executor :
       std::vector<mirakuru::SimpleExecutor*>{&worker, &job, &chat, &tcp, &local, &web, &daemon}) {
    executor->start();
    EXPECT_TRUE(executor->running()) << *executor;
  }
  EXPECT_TRUE(std::filesystem::is_socket(local.path()));
  EXPECT_TRUE(std::filesystem::exists(daemon.path()));
}

TEST(Executors, TakeCommandsInThreeWays) {
  // [readme:commands]
  mirakuru::SimpleExecutor line("printf '%s\\n' 'two words'");      // quotes as in a shell
  mirakuru::SimpleExecutor list({"printf", "%s\\n", "two words"});  // passed on unchanged
  mirakuru::SimpleExecutor script(mirakuru::Command::shell("echo two words | cat"));  // /bin/sh
  // [readme:end]
  for (mirakuru::SimpleExecutor* executor : {&line, &list, &script}) {
    EXPECT_EQ(executor->start().wait().code(), 0);
    EXPECT_EQ(executor->output().text(), "two words\n");
  }
}
