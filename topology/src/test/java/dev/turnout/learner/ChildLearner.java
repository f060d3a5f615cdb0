package dev.turnout.learner;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.router.TinyEncoder;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A learner in a process of its own, so that a test can kill it. */
public final class ChildLearner {
  private ChildLearner() {}

  /** Arguments: brokers, registry, topic prefix, application id, state directory. */
  public static void main(String[] args) throws InterruptedException {
    Learner learner =
        Learner.start(
            LearnerWorld.settings(
                ConnectionSettings.texts(
                    args[0], args[1], TopicCatalogue.withPrefix(args[2]).withPartitions(1)),
                args[3],
                args[4]),
            TinyEncoder.ID,
            new SimpleMeterRegistry());
    Runtime.getRuntime().addShutdownHook(new Thread(learner::close));
    new CountDownLatch(1).await();
  }

  /** Starts one on this test's class path. */
  static Process start(LearnerWorld world, String applicationId, Path stateDir) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(ChildLearner.class.getName());
    command.add(world.kafka.bootstrapServers);
    command.add(String.valueOf(world.kafka.serdes.get("schema.registry.url")));
    command.add(world.kafka.topics.prefix());
    command.add(applicationId);
    command.add(stateDir.toString());
    return new ProcessBuilder(command).inheritIO().start();
  }
}
