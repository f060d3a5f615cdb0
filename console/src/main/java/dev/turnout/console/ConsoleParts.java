package dev.turnout.console;

import dev.turnout.console.state.ConsoleState;
import dev.turnout.console.state.KafkaState;
import dev.turnout.gateway.access.KeyDirectory;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.StartedParts;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What stands behind the pages.
 *
 * @param loops how its loops are doing
 * @param closing ends all of it
 */
record ConsoleParts(
    KeyDirectory keys, ConsoleState state, Supplier<List<LoopState>> loops, Runnable closing) {

  /**
   * Everything by Kafka.
   *
   * @throws IllegalStateException if Kafka or a topic is not there
   */
  static ConsoleParts onKafka(ConsoleSettings settings, MeterRegistry metrics, Clock clock) {
    StartedParts started = new StartedParts();
    try {
      KeyDirectory keys = started.add(KeyDirectory.start(settings.access(), clock));
      KafkaState state =
          started.add(
              KafkaState.start(
                  new KafkaState.Source(
                      settings.gateway(),
                      settings.applicationId(),
                      settings.stateDir(),
                      settings.recent(),
                      settings.history(),
                      settings.costWeight()),
                  metrics,
                  clock));
      return new ConsoleParts(
          keys,
          state,
          () -> Stream.concat(keys.loops().stream(), state.loops().stream()).toList(),
          () -> {
            state.close();
            keys.close();
          });
    } catch (InterruptedException interrupted) {
      started.giveUp(interrupted);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("console: interrupted while starting", interrupted);
    } catch (RuntimeException | Error failed) {
      started.giveUp(failed);
      throw failed;
    }
  }
}
