package dev.turnout.console;

import dev.turnout.console.door.ConsoleDoor;
import dev.turnout.console.live.LiveFeed;
import dev.turnout.console.page.Page;
import dev.turnout.console.page.PageLayout;
import dev.turnout.kafka.LoopHealth;
import io.javalin.Javalin;
import io.javalin.util.JavalinBindException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The web console. */
public final class Console implements AutoCloseable {
  private static final int THREADS = 24;
  private static final int IDLE_THREADS = 4;
  private static final long MOST_BODY = 256 << 10;

  private final ConsoleParts parts;
  private final String host;
  private final LiveFeed feed;
  private final Javalin server;

  private Console(ConsoleParts parts, List<Page> pages, String host, boolean loopback) {
    this.parts = parts;
    this.host = host;
    this.feed = new LiveFeed();
    ConsoleAssets assets = new ConsoleAssets();
    ConsoleDoor door = new ConsoleDoor(parts.keys(), loopback);
    this.server =
        Javalin.create(
            config -> {
              config.showJavalinBanner = false;
              config.startupWatcherEnabled = false;
              config.http.maxRequestSize = MOST_BODY;
              config.http.prefer405over404 = true;
              // an open page is kept up to date for as long as it is open
              config.http.asyncTimeout = 0;
              config.jetty.threadPool = new QueuedThreadPool(THREADS, IDLE_THREADS);
            });
    PageLayout layout = new PageLayout(pages, assets::address);
    new ConsoleRoutes(pages, layout, door, feed, parts.state(), Clock.systemUTC())
        .addTo(server, assets);
  }

  /**
   * Starts the console and returns when it answers.
   *
   * @throws IllegalStateException if the port is taken or the topics are not there
   */
  public static Console start(ConsoleSettings settings, MeterRegistry metrics) {
    return start(
        ConsoleParts.onKafka(settings, metrics, Clock.systemUTC()),
        ConsolePages.ALL,
        settings.host(),
        settings.port(),
        !settings.access().listens().isOpen());
  }

  /** The same with what stands behind it, which it closes. */
  static Console start(
      ConsoleParts parts, List<Page> pages, String host, int port, boolean loopback) {
    Console console;
    try {
      console = new Console(parts, pages, host, loopback);
    } catch (RuntimeException | Error failed) {
      parts.closing().run();
      throw failed;
    }
    try {
      console.server.start(host, port);
      return console;
    } catch (JavalinBindException taken) {
      console.close();
      throw new IllegalStateException(
          "console.port: port " + port + " is taken; choose another (0 takes a free one)", taken);
    } catch (RuntimeException failed) {
      console.close();
      throw failed;
    }
  }

  /** Base URL, e.g. {@code http://localhost:8090}. */
  public String url() {
    return "http://" + host + ":" + server.port();
  }

  /** How the console's loops are doing. */
  public LoopHealth health(Instant now) {
    return LoopHealth.of(
        Stream.concat(parts.loops().get().stream(), Stream.of(feed.state())).toList(), now);
  }

  @Override
  public void close() {
    feed.close();
    server.stop();
    parts.closing().run();
  }
}
