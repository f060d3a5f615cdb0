package dev.turnout.console.state;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.dlq.DeadLetterTopic;
import dev.turnout.dlq.Letter;
import dev.turnout.dlq.LetterContent;
import dev.turnout.dlq.LetterPosition;
import dev.turnout.dlq.LetterSelection;
import dev.turnout.dlq.Resolution;
import dev.turnout.topic.DeadLetterState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters, read from their topic when they are asked for: one page at a time reads it, and
 * holds no more than it shows. Every call may take as long as reading the topic does.
 */
public interface LetterDesk {

  /**
   * Those that wait.
   *
   * @param reason only these are among the latest; null for all
   * @param most letters to hand out
   */
  LettersSeen waiting(@Nullable String reason, int most);

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
    return new LetterDesk() {
      @Override
      public synchronized LettersSeen waiting(@Nullable String reason, int most) {
        Map<String, Long> counts = new TreeMap<>();
        Deque<Letter> latest = new ArrayDeque<>();
        topic.read(
            letter -> {
              if (letter.state() == DeadLetterState.WAITING) {
                counts.merge(letter.reason(), 1L, Long::sum);
                if (reason == null || reason.equals(letter.reason())) {
                  latest.addFirst(letter);
                  if (latest.size() > most) {
                    latest.removeLast();
                  }
                }
              }
            });
        return new LettersSeen(counts, List.copyOf(latest));
      }

      @Override
      public synchronized Letter at(LetterPosition position) {
        return topic.at(position);
      }

      @Override
      public LetterContent.Value value(Letter letter) {
        // a new one each time: an outage of the registry is remembered by it
        return new LetterContent(connection.clients()).value(letter);
      }

      @Override
      public synchronized String resolve(LetterPosition position, DeadLetterState target) {
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
}
