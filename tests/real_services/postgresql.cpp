// PostgreSQL with its own cluster, queried by psql.
#include <unistd.h>

#include "clients.hpp"
#include "real_service.hpp"

namespace mirakuru::tests {
namespace {

std::unique_ptr<SimpleExecutor> Make(Check check) {
  // The first start creates the cluster; a restart uses it.
  const std::string script = "[ -d {tmpdir}/data ] || " + FindProgram("initdb") +
                             " --pgdata={tmpdir}/data --username=tester --auth=trust"
                             " --encoding=UTF8 --locale=C --no-sync --no-instructions || exit; "
                             "exec " +
                             FindProgram("postgres") +
                             " -D {tmpdir}/data -h 127.0.0.1 -p {port} -k {tmpdir} -F";
  Options options;
  options.name = "postgres";
  if (geteuid() == 0) options.user = "postgres";  // it refuses to run as root
  return std::make_unique<Executor>(Command::shell(script), std::move(check), options);
}

std::string Ask(const SimpleExecutor& executor) {
  return OutputOf({FindProgram("psql"), "--no-psqlrc", "--tuples-only", "--no-align", "--host",
                   "127.0.0.1", "--port", std::to_string(executor.port()), "--username", "tester",
                   "--dbname", "postgres", "--command",
                   "CREATE TEMPORARY TABLE answers AS SELECT 6 * 7 AS answer;", "--command",
                   "SELECT answer FROM answers;"});
}

const std::vector<Program> kPrograms{{"initdb", "postgresql"},
                                     {"postgres", "postgresql"},
                                     {"psql", "postgresql-client"},
                                     {"pg_isready", "postgresql-client"}};

}  // namespace

// The port alone would be too early: it is open while the server still starts and rejects queries.
RealService PostgresqlByItsOutput() {
  const auto make = [] {
    return Make(all_of(OutputCheck{.banner = "database system is ready to accept connections"},
                       TcpCheck{"127.0.0.1:{port}"}));
  };
  return {"PostgresqlByItsOutput", kPrograms, make, &Ask, "SELECT 1\n42\n"};
}

RealService PostgresqlByPgIsready() {
  const auto make = [] {
    return Make(
        CommandCheck{Command{FindProgram("pg_isready"), "-h", "127.0.0.1", "-p", "{port}"}});
  };
  return {"PostgresqlByPgIsready", kPrograms, make, &Ask, "SELECT 1\n42\n"};
}

}  // namespace mirakuru::tests
