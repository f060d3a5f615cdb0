package dev.turnout.console.browser;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.SettingValues;
import dev.turnout.console.Console;
import dev.turnout.console.ConsoleSettings;
import dev.turnout.local.broker.EmbeddedBroker;
import dev.turnout.local.registry.InProcessRegistry;
import dev.turnout.topic.TopicAdmin;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a console costs while queries flow: a process of its own with the launcher's options,
 * against a broker with made-up decisions, outcomes and grades. Prints JSON: CPU as a share of one
 * core and memory in MiB, with no page open and with one that is kept up to date, and the first
 * paint in a browser where there is one.
 *
 * <p>Arguments: decisions a second (1000), seconds of warm-up and of each measurement (40), then
 * the console's Java options instead of the launcher's.
 */
final class ConsoleLoad {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TopicCatalogue TOPICS = TopicCatalogue.standard();
  private static final List<String> OPTIONS =
      List.of(
          "-Xms48m",
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:MinHeapFreeRatio=20",
          "-XX:MaxHeapFreeRatio=40",
          "-Djdk.nio.maxCachedBufferSize=262144",
          "-Xss2m",
          "-Djava.awt.headless=true");
  private static final String ADDRESS = "console at ";
  private static final int PAINTS = 5;

  private ConsoleLoad() {}

  public static void main(String[] args) throws Exception {
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)
        instanceof ch.qos.logback.classic.Logger root) {
      root.setLevel(Level.WARN);
    }
    if (args.length > 0 && args[0].equals("console")) {
      serve(args[1], args[2], args[3]);
      return;
    }
    int rate = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 40;
    List<String> options = args.length > 2 ? List.of(args).subList(2, args.length) : OPTIONS;
    Path folder = Files.createTempDirectory("console-load");
    try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.Settings.temporary());
        InProcessRegistry registry = InProcessRegistry.start(0, null)) {
      try (Admin admin =
          Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
        TopicAdmin.create(admin, TOPICS, (short) 1);
      }
      System.out.println(
          JSON.writerWithDefaultPrettyPrinter()
              .writeValueAsString(
                  measured(
                      new MadeUpTraffic(broker.bootstrapServers(), registry.url(), TOPICS, rate),
                      List.of(broker.bootstrapServers(), registry.url(), folder.toString()),
                      options,
                      folder,
                      seconds)));
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        all.sorted(Comparator.reverseOrder())
            .forEach(
                each -> {
                  boolean unusedDeleted = each.toFile().delete();
                });
      }
    }
  }

  /** The console's process: says where it is, and ends with its input. */
  private static void serve(String brokers, String registry, String folder) throws IOException {
    Map<String, String> texts = new HashMap<>(ConnectionSettings.texts(brokers, registry, TOPICS));
    texts.put("console.port", "0");
    texts.put("console.state-dir", folder);
    try (Console console =
        Console.start(ConsoleSettings.from(SettingValues.of(texts)), new SimpleMeterRegistry())) {
      System.out.println(ADDRESS + console.url());
      while (System.in.read() >= 0) {
        // nothing is said to it
      }
    }
  }

  private static Map<String, Object> measured(
      MadeUpTraffic traffic, List<String> arguments, List<String> options, Path folder, int seconds)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(options);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), ConsoleLoad.class.getName()));
    command.add("console");
    command.addAll(arguments);
    Map<String, Object> figures = new LinkedHashMap<>();
    try (traffic) {
      ProcessBuilder program =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
      program.environment().put("MALLOC_ARENA_MAX", "2"); // as the launcher does
      Process console = program.start();
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(console.getInputStream(), StandardCharsets.UTF_8))) {
        String url =
            out.lines()
                .filter(line -> line.startsWith(ADDRESS))
                .findFirst()
                .orElseThrow()
                .substring(ADDRESS.length());
        pass(seconds);
        figures.put("options", String.join(" ", options));
        figures.put("warmUpSeconds", seconds);
        figures.put("noPage", window(console, traffic, seconds));
        try (InputStream unusedUpdates = updates(url)) {
          figures.put("onePage", window(console, traffic, seconds));
        }
        figures.put("topicsPageMs", pageMillis(url + "/why?by=topic"));
        figures.put("firstPaintMsUnderLoad", paints(url, folder.resolve("loaded")));
        traffic.close();
        figures.put("firstPaintMs", paints(url, folder.resolve("idle")));
      } finally {
        console.destroy();
        if (!console.waitFor(30, TimeUnit.SECONDS)) {
          console.destroyForcibly();
        }
      }
    }
    return figures;
  }

  /** One stretch of time. */
  private static Map<String, Object> window(Process console, MadeUpTraffic traffic, int seconds)
      throws Exception {
    long decisions = traffic.decisions();
    Duration cpu = console.info().totalCpuDuration().orElseThrow();
    long begin = System.nanoTime();
    pass(seconds);
    double took = (System.nanoTime() - begin) / 1e9;
    Duration used = console.info().totalCpuDuration().orElseThrow().minus(cpu);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("decisionsPerSecond", Math.round((traffic.decisions() - decisions) / took));
    figures.put("cpuPercentOfACore", Math.round(used.toMillis() / took) / 10.0);
    for (String line :
        Files.readAllLines(Path.of("/proc", String.valueOf(console.pid()), "status"))) {
      if (line.startsWith("VmRSS") || line.startsWith("VmHWM")) {
        figures.put(
            line.startsWith("VmRSS") ? "memoryMib" : "mostMemoryMib",
            Long.parseLong(line.replaceAll("\\D", "")) / 1_024);
      }
    }
    return figures;
  }

  private static void pass(int seconds) throws InterruptedException {
    TimeUnit.SECONDS.sleep(seconds);
  }

  private static InputStream updates(String url) throws Exception {
    HttpResponse<InputStream> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url + "/now/updates")).build(),
                BodyHandlers.ofInputStream());
    InputStream stream = response.body();
    Thread reader =
        new Thread(
            () -> {
              try {
                while (stream.read(new byte[8_192]) >= 0) {
                  // as a browser does
                }
              } catch (IOException closed) {
                // the measurement has ended
              }
            });
    reader.setDaemon(true);
    reader.start();
    return stream;
  }

  private static List<Long> pageMillis(String address) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < PAINTS; i++) {
      long begin = System.nanoTime();
      HttpResponse<String> unusedPage =
          client.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
      millis.add((System.nanoTime() - begin) / 1_000_000);
    }
    return millis;
  }

  /** Of the page that is opened first, ascending; empty without a browser. */
  private static List<Long> paints(String url, Path profile) throws Exception {
    Optional<Path> program = Chromium.installed();
    List<Long> paints = new ArrayList<>();
    if (program.isPresent()) {
      try (Chromium chromium = Chromium.start(program.get(), profile)) {
        for (int i = 0; i < PAINTS; i++) {
          chromium.open(url + "/why");
          chromium.open(url + "/now");
          String painted =
              "(performance.getEntriesByName('first-contentful-paint').map(e => e.startTime)[0]"
                  + " || 0)";
          chromium.await(() -> chromium.evaluate(painted).asDouble() > 0);
          paints.add(Math.round(chromium.evaluate(painted).asDouble()));
        }
      }
    }
    paints.sort(null);
    return paints;
  }
}
