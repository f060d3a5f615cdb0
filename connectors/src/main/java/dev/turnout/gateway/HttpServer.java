package dev.turnout.gateway;

import dev.turnout.topic.RecordLimits;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.time.Duration;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.StatisticsHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The server: HTTP/1.1 and HTTP/2 without TLS on one port. Its threads read requests; nobody waits
 * for an answer on one, and none writes to a client that does not read.
 */
final class HttpServer {
  private static final int THREADS = 48;
  private static final int IDLE_THREADS = 8;
  private static final Duration LAST_BYTES = Duration.ofSeconds(2);

  /**
   * How long a connection without a request is kept. Who closes first must be the client, for a
   * request that is sent while the server closes is lost without an answer; load balancers keep
   * theirs for up to ten minutes.
   */
  static final Duration KEPT_IDLE = Duration.ofSeconds(620);

  /** How long a request on its way in may bring nothing. */
  static final Duration SILENT_REQUEST = Duration.ofSeconds(30);

  private static final Duration CLOSING_IDLE = Duration.ofMillis(100);

  private HttpServer() {}

  /**
   * A server that is not started.
   *
   * @param longest a request may wait
   * @param ended told of every request whose response has ended
   */
  static Javalin of(String host, int port, Duration longest, RequestLog ended) {
    return Javalin.create(
        config -> {
          configure(config, host, port, longest);
          config.jetty.modifyServer(
              server -> {
                server.setRequestLog(ended);
                // lets what is written reach its clients before it closes their connections
                server.setHandler(new StatisticsHandler());
                server.setStopTimeout(LAST_BYTES.toMillis());
              });
        });
  }

  private static void configure(JavalinConfig config, String host, int port, Duration longest) {
    config.showJavalinBanner = false;
    config.startupWatcherEnabled = false;
    config.http.maxRequestSize = RecordLimits.HTTP_BODY;
    config.http.prefer405over404 = true;
    // each request ends by the deadline of its query
    config.http.asyncTimeout = 0;
    config.jetty.threadPool = new QueuedThreadPool(THREADS, IDLE_THREADS);
    config.jetty.addConnector((server, http) -> connector(server, http, host, port, longest));
  }

  private static ServerConnector connector(
      Server server, HttpConfiguration http, String host, int port, Duration longest) {
    HTTP2CServerConnectionFactory http2 = new HTTP2CServerConnectionFactory(http);
    // a stream is silent while its request waits
    http2.setStreamIdleTimeout(longest.toMillis());
    HttpConfiguration first = new HttpConfiguration(http);
    first.setIdleTimeout(SILENT_REQUEST.toMillis());
    ServerConnector connector =
        new ServerConnector(server, new HttpConnectionFactory(first), http2);
    connector.setIdleTimeout(KEPT_IDLE.toMillis());
    connector.setHost(host);
    connector.setPort(port);
    // of connections while the server closes
    connector.setShutdownIdleTimeout(CLOSING_IDLE.toMillis());
    return connector;
  }
}
