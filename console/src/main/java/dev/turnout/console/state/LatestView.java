package dev.turnout.console.state;

import dev.turnout.control.TopicFollower;
import dev.turnout.control.TopicListener;
import dev.turnout.control.TopicView;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** The latest record of every key of a compacted topic, for readers that never wait. */
final class LatestView<T extends SpecificRecord> extends TopicView {
  /** More keys than a page shows or a person reads; later ones are left out. */
  private static final int MOST = 10_000;

  private final Map<String, T> latest;

  private LatestView(TopicFollower follower, Map<String, T> latest) {
    super(follower);
    this.latest = latest;
  }

  static <T extends SpecificRecord> LatestView<T> follow(
      String topic, Map<String, ?> config, Class<T> type, Function<T, String> key) {
    Map<String, T> latest = new ConcurrentHashMap<>();
    TopicListener<T> listener =
        new TopicListener<>() {
          @Override
          public void read(T record) {
            String name = key.apply(record);
            if (latest.size() < MOST || latest.containsKey(name)) {
              latest.put(name, record);
            }
          }

          @Override
          public void readTombstone(@Nullable String name) {
            if (name != null) {
              latest.remove(name);
            }
          }
        };
    return new LatestView<>(TopicFollower.start(topic, config, type, listener), latest);
  }

  /** By key, as of now. */
  Map<String, T> all() {
    return Map.copyOf(latest);
  }
}
