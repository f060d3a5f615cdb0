package dev.turnout.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;

class HttpServerTest {

  @Test
  void shouldLeaveItToClientsToCloseIdleConnections() throws Exception {
    Javalin server =
        HttpServer.of("127.0.0.1", 0, Duration.ofMinutes(1), (request, response) -> {});
    server.get("/", context -> context.result("here"));
    server.post("/", context -> context.result("got " + context.body()));
    server.start();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      // given a connection that has had an answer
      send(socket, "GET / HTTP/1.1\r\nHost: here\r\n\r\n");
      await(socket, "here");
      EndPoint connection =
          ((ServerConnector) server.jettyServer().server().getConnectors()[0])
              .getConnectedEndPoints()
              .iterator()
              .next();

      // then it is kept for longer than load balancers keep theirs
      await(connection, HttpServer.KEPT_IDLE);
      assertThat(HttpServer.KEPT_IDLE).isGreaterThan(Duration.ofMinutes(10));

      // but half of a request is not
      send(socket, "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\nha");
      await(connection, HttpServer.SILENT_REQUEST);
      send(socket, "lf!");
      await(socket, "got half!");
      await(connection, HttpServer.KEPT_IDLE);
    } finally {
      server.stop();
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void await(Socket socket, String text) throws IOException {
    byte[] some = new byte[4096];
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      int count = socket.getInputStream().read(some);
      assertThat(count).as("the end after: %s", read).isPositive();
      read.append(new String(some, 0, count, StandardCharsets.US_ASCII));
    }
  }

  /** The server sets it a moment after the last byte. */
  private static void await(EndPoint connection, Duration idle) throws InterruptedException {
    Instant giveUp = Instant.now().plus(Duration.ofMinutes(1));
    while (connection.getIdleTimeout() != idle.toMillis() && Instant.now().isBefore(giveUp)) {
      Thread.sleep(10);
    }
    assertThat(connection.getIdleTimeout()).isEqualTo(idle.toMillis());
  }
}
