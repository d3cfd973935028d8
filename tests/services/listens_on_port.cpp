// Listens on --host:--port after WaitForGo(), and closes each connection.
#include "tcp.hpp"

int main(int argc, char** argv) {
  const service::Arguments arguments(argc, argv);
  service::WaitForGo(arguments);
  const int listener = service::ListenOnTcp(arguments, true);
  service::SayWhen(arguments, STDOUT_FILENO);
  service::AcceptAndHangUp(listener);
}
