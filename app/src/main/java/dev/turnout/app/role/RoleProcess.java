package dev.turnout.app.role;

import dev.turnout.app.config.MetricsSettings;
import dev.turnout.app.console.CommandFailure;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a role until the process is asked to stop: metrics and probes answer before the role has
 * started, SIGTERM and Ctrl-C close it in order, and a role that dies ends the process with an
 * error, so that whoever supervises it starts it anew.
 */
public final class RoleProcess {

  private static final Logger LOG = LoggerFactory.getLogger(RoleProcess.class);
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(40);

  private RoleProcess() {}

  /**
   * Runs a role to its end.
   *
   * @param name for messages, e.g. {@code router}
   * @param start starts the role, given where its metrics go and who waits for what it needs
   * @throws CommandFailure if the role dies
   */
  public static void run(
      String name, MetricsSettings where, BiFunction<MeterRegistry, Startup, RunningRole> start)
      throws InterruptedException {
    where
        .listens()
        .warnIfOpen(
            "metrics and probes of the " + name,
            "they show names of topics, LLMs and tenants; keep strangers away by a network policy,"
                + " or set metrics.host: localhost");
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(metrics);
    new JvmThreadMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    AtomicReference<@Nullable RunningRole> role = new AtomicReference<>();
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Startup startup = new Startup(name, stop);
    Thread onSignal = new Thread(() -> closeOnSignal(name, stop, closed), "turnout-stop");
    Runtime.getRuntime().addShutdownHook(onSignal);
    try (JvmGcMetrics collections = new JvmGcMetrics();
        ProbeServer server = ProbeServer.start(where, metrics, () -> health(role.get(), startup))) {
      collections.bindTo(metrics);
      try (RunningRole running = start.apply(metrics, startup)) {
        role.set(running);
        LOG.atInfo()
            .setMessage("role runs; metrics and probes are served")
            .addKeyValue("role", name)
            .addKeyValue("port", server.port())
            .log();
        while (!stop.await(CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
          Health health = running.health();
          if (!health.live()) {
            throw new CommandFailure(
                name + " died: " + String.join("; ", health.problems()) + "; start it again");
          }
        }
        LOG.atInfo().setMessage("role is asked to stop").addKeyValue("role", name).log();
      }
    } catch (CancellationException stoppedEarly) {
      LOG.atInfo().setMessage("role is asked to stop").addKeyValue("role", name).log();
    } finally {
      closed.countDown();
    }
  }

  private static Health health(@Nullable RunningRole role, Startup startup) {
    return role == null ? startup.health() : role.health();
  }

  private static void closeOnSignal(String name, CountDownLatch stop, CountDownLatch closed) {
    stop.countDown();
    try {
      if (!closed.await(CLOSED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.atWarn()
            .setMessage("role did not close in time")
            .addKeyValue("role", name)
            .addKeyValue("within", CLOSED_WITHIN)
            .log();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
