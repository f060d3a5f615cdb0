package dev.turnout.router;

import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A router in a process of its own, so that a test can kill it. */
public final class ChildRouter {
  private ChildRouter() {}

  /** Arguments: brokers, registry, topic prefix, group protocol. */
  public static void main(String[] args) throws InterruptedException {
    RouterSettings settings =
        RouterSettings.builder(args[0])
            .serdes(Map.of("schema.registry.url", args[1]))
            .topics(TopicCatalogue.withPrefix(args[2]).withPartitions(3))
            .applicationId(args[2] + "router")
            .groupProtocol(GroupProtocol.valueOf(args[3]))
            .replication(1)
            .pollRecords(64)
            .transactionTimeout(Duration.ofSeconds(3))
            .kafka(
                args[3].equals("CLASSIC")
                    ? Map.of(
                        "main.consumer.session.timeout.ms", 2_000,
                        "main.consumer.heartbeat.interval.ms", 500)
                    : Map.of())
            .build();
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
