package dev.turnout.app.role;

import dev.turnout.app.config.MetricsSettings;
import dev.turnout.app.console.CommandFailure;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.util.JavalinBindException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Serves {@code /metrics} for Prometheus and the probes {@code /startupz}, {@code /healthz} (live)
 * and {@code /readyz}: 200 when fulfilled, 503 otherwise, with the problems in the body, if any.
 */
public final class ProbeServer implements AutoCloseable {

  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final Javalin server;

  private ProbeServer(Javalin server) {
    this.server = server;
  }

  public static ProbeServer start(
      MetricsSettings where, PrometheusMeterRegistry metrics, Supplier<Health> health) {
    Javalin server =
        Javalin.create(config -> config.showJavalinBanner = false)
            .get(
                "/metrics",
                context -> context.contentType(PROMETHEUS_TEXT).result(metrics.scrape()))
            .get("/startupz", context -> answer(context, health.get(), Health::started))
            .get("/healthz", context -> answer(context, health.get(), Health::live))
            .get("/readyz", context -> answer(context, health.get(), Health::ready));
    try {
      return new ProbeServer(server.start(where.host(), where.port()));
    } catch (JavalinBindException taken) {
      throw new CommandFailure(
          "metrics.port: port "
              + where.port()
              + " is taken, perhaps by another role on this machine; give this one another with"
              + " --set metrics.port=PORT (0 takes a free one)",
          taken);
    }
  }

  private static void answer(Context context, Health health, Predicate<Health> fulfilled) {
    boolean good = fulfilled.test(health);
    context.status(good ? 200 : 503);
    // a role may be ready and still leave something out, which whoever asks is told
    String problems = String.join("\n", health.problems());
    context.result(good ? ("ok\n" + problems).strip() + "\n" : problems + "\n");
  }

  /** The port it listens on. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }
}
