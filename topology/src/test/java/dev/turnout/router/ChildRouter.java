package dev.turnout.router;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.SettingValues;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A router in a process of its own, so that a test can kill it. */
public final class ChildRouter {
  private ChildRouter() {}

  /** Arguments: brokers, registry, topic prefix, group protocol. */
  public static void main(String[] args) throws InterruptedException {
    Map<String, String> texts =
        ConnectionSettings.texts(
            args[0], args[1], TopicCatalogue.withPrefix(args[2]).withPartitions(3));
    texts.put("topics.replication", "1");
    texts.put("router.application-id", args[2] + "router");
    texts.put("router.group-protocol", args[3].toLowerCase(Locale.ROOT));
    texts.put("router.from", "earliest");
    texts.put("router.poll-records", "64");
    texts.put("router.transaction-timeout", "3s");
    if (args[3].equals("CLASSIC")) {
      texts.put("kafka.main.consumer.session.timeout.ms", "2000");
      texts.put("kafka.main.consumer.heartbeat.interval.ms", "500");
    }
    RouterSettings settings = RouterSettings.from(SettingValues.of(texts), "test");
    TinyEncoder encoder = new TinyEncoder();
    encoder.millisPerText = 1;
    Router router = Router.start(settings, encoder, new SimpleMeterRegistry());
    Runtime.getRuntime().addShutdownHook(new Thread(router::close));
    new CountDownLatch(1).await();
  }

  /** Starts one on this test's class path. */
  static Process start(RealKafka kafka, GroupProtocol protocol) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(ChildRouter.class.getName());
    command.add(kafka.bootstrapServers);
    command.add(String.valueOf(kafka.serdes.get("schema.registry.url")));
    command.add(kafka.topics.prefix());
    command.add(protocol.name());
    return new ProcessBuilder(command).inheritIO().start();
  }
}
