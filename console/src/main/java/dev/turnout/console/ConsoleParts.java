package dev.turnout.console;

import dev.turnout.console.state.ConsoleState;
import dev.turnout.gateway.access.KeyDirectory;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.StartedParts;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

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
  static ConsoleParts onKafka(ConsoleSettings settings) {
    StartedParts started = new StartedParts();
    try {
      KeyDirectory keys = started.add(KeyDirectory.start(settings.access(), Clock.systemUTC()));
      return new ConsoleParts(keys, new ConsoleState() {}, keys::loops, keys::close);
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
