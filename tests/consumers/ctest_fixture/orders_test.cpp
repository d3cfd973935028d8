#include <gtest/gtest.h>

#include <mirakuru/ctest.hpp>
#include <mirakuru/mirakuru.hpp>

TEST(Orders, AreInTheDatabase) {
  mirakuru::ctest::Fixture& db = mirakuru::ctest::fixture("db");
  mirakuru::SimpleExecutor psql({"psql", db.expand("postgresql://test@127.0.0.1:{port}/postgres"),
                                 "-c", "create table orders (id int)"});
  EXPECT_EQ(psql.start().wait().code(), 0) << psql.err_output().text();
}
