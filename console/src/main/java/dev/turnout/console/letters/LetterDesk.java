package dev.turnout.console.letters;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.dlq.DeadLetterTopic;
import dev.turnout.dlq.Letter;
import dev.turnout.dlq.LetterContent;
import dev.turnout.dlq.LetterPosition;
import dev.turnout.dlq.LetterSelection;
import dev.turnout.dlq.Resolution;
import dev.turnout.topic.DeadLetterState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters, read from their topic when they are asked for: one visitor at a time has it read,
 * others wait for a while, and no more is held than is shown. What is listed is a stretch of the
 * topic, so that its newest part takes as long however many letters there are; what is older takes
 * longer, since what became of it may stand anywhere behind it. What was replayed by way of an
 * older letter stands before it: that part is read once, some seconds of it at a time.
 */
public interface LetterDesk {
  /** For others that have the topic read. */
  Duration LONGEST_WAIT = Duration.ofSeconds(10);

  /** Records of the topic that are looked at, marks among them. */
  int STRETCH = 500;

  /**
   * Those that wait among the newest {@value #STRETCH} records, or among as many older ones.
   *
   * @param reason only these are handed out; null for all
   * @param before where the stretch ends, as {@link LettersSeen#older} says; empty for the newest
   * @throws IllegalArgumentException if that is no such place
   */
  LettersSeen waiting(@Nullable String reason, String before);

  /**
   * One letter.
   *
   * @throws RuntimeException saying that there is none
   */
  Letter at(LetterPosition position);

  /** What its value says. */
  LetterContent.Value value(Letter letter);

  /**
   * Sends the refused record again, or drops the letter, at most once.
   *
   * @param target REPLAYED or DROPPED
   * @return what was done, in words
   * @throws IllegalArgumentException saying why nothing was
   */
  String resolve(LetterPosition position, DeadLetterState target);

  /** On the dead-letter topic. */
  static LetterDesk onKafka(ConnectionSettings connection) {
    DeadLetterTopic topic = new DeadLetterTopic(connection.kafka(), connection.topics().dlq());
    ReentrantLock reading = new ReentrantLock();
    return new LetterDesk() {
      @Override
      public LettersSeen waiting(@Nullable String reason, String before) {
        return alone(reading, () -> read(reason, before));
      }

      @Override
      public Letter at(LetterPosition position) {
        return alone(reading, () -> topic.at(position));
      }

      @Override
      public String resolve(LetterPosition position, DeadLetterState target) {
        return alone(reading, () -> resolved(position, target));
      }

      private LettersSeen read(@Nullable String reason, String before) {
        LetterStretch stretch = LetterStretch.before(before, topic.extent(), STRETCH);
        Map<String, Long> counts = new HashMap<>();
        List<LetterLine> lines = new ArrayList<>();
        long unread =
            topic.read(
                stretch.extent(),
                DeadLetterTopic.EARLIER,
                letter -> {
                  if (letter.state() == DeadLetterState.WAITING) {
                    LetterLine line = LetterLine.of(letter);
                    counts.merge(line.reason(), 1L, Long::sum);
                    if (reason == null || reason.equals(line.reason())) {
                      lines.add(line);
                    }
                  }
                });
        lines.sort(Comparator.comparing(LetterLine::when).reversed());
        return new LettersSeen(counts, lines, stretch.older(), unread);
      }

      @Override
      public LetterContent.Value value(Letter letter) {
        // a new one each time: an outage of the registry is remembered by it
        return new LetterContent(connection.clients()).value(letter);
      }

      private String resolved(LetterPosition position, DeadLetterState target) {
        List<String> done = new ArrayList<>();
        List<String> not = new ArrayList<>();
        Resolution.run(
            connection.kafka(),
            connection.topics(),
            new LetterSelection(Set.of(position), null, null, null, null, null),
            target,
            1,
            false,
            new Resolution.Listener() {
              @Override
              public void done(Letter letter, String what) {
                done.add(what);
              }

              @Override
              public void before(Letter letter) {
                not.add("it was dealt with before: " + letter.state());
              }

              @Override
              public void failed(LetterPosition at, String why) {
                not.add(why);
              }
            });
        if (done.isEmpty()) {
          throw new IllegalArgumentException(
              "Dead letter " + position + " stays as it is: " + String.join("; ", not));
        }
        return "Dead letter " + position + ": " + String.join("; ", done) + ".";
      }
    };
  }

  private static <T> T alone(ReentrantLock lock, Supplier<T> work) {
    try {
      if (!lock.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalArgumentException(
            "The dead letters are being read for somebody else, which takes long; turnout dlq list"
                + " reads them too.");
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
