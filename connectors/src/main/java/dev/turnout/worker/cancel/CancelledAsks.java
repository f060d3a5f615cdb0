package dev.turnout.worker.cancel;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.turnout.schema.Cancellation;
import dev.turnout.schema.Query;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which asks of gateways were cancelled, and who is to hear of it when one is. Knows an ask by its
 * name, which nobody but gateway, router and worker has seen, and its query's id: a cancellation
 * that names another ask of the same query ends nothing. Safe for use by several threads.
 *
 * <p>A cancellation is remembered for an hour, as long as its topic keeps it, for a request whose
 * turn is yet to come; of more than {@value #MOST_BYTES} bytes some are forgotten, and their
 * requests answered.
 */
public final class CancelledAsks {

  private static final long MOST_BYTES = 32L << 20;
  private static final int ENTRY_BYTES = 200;

  private final Cache<String, Cancelled> cancelled =
      Caffeine.newBuilder()
          .maximumWeight(MOST_BYTES)
          .weigher(
              (String ask, Cancelled each) ->
                  ENTRY_BYTES + ask.length() + each.queryId().length() + each.reason().length())
          .expireAfterWrite(Duration.ofHours(1))
          .build();
  private final Map<String, Set<Watch>> watched = new ConcurrentHashMap<>();

  private record Cancelled(String queryId, String reason) {}

  /** Hears of a cancellation until it is closed. */
  public final class Watch implements AutoCloseable {
    private final String ask;
    private final String queryId;
    private final Consumer<String> abort;

    private Watch(String ask, String queryId, Consumer<String> abort) {
      this.ask = ask;
      this.queryId = queryId;
      this.abort = abort;
    }

    @Override
    public void close() {
      watched.computeIfPresent(
          ask,
          (key, watches) -> {
            watches.remove(this);
            return watches.isEmpty() ? null : watches;
          });
    }
  }

  /** Why a query's answer is not wanted any more; empty while it is. */
  public Optional<String> reason(Query query) {
    if (query.getReply() == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(cancelled.getIfPresent(query.getReply().getAsk()))
        .filter(each -> each.queryId().equals(query.getId()))
        .map(Cancelled::reason);
  }

  /**
   * Watches for the cancellation of a query.
   *
   * @param abort gets the reason, possibly twice, at once if it is cancelled already; on any thread
   * @return to be closed; null if nobody can cancel the query
   */
  public @Nullable Watch watch(Query query, Consumer<String> abort) {
    if (query.getReply() == null) {
      return null;
    }
    Watch watch = new Watch(query.getReply().getAsk(), query.getId(), abort);
    watched.compute(
        watch.ask,
        (ask, watches) -> {
          Set<Watch> all = watches == null ? new HashSet<>() : watches;
          all.add(watch);
          return all;
        });
    // after it is watched, so that one which comes meanwhile is not missed
    reason(query).ifPresent(abort);
    return watch;
  }

  /** Notes a cancellation, and tells who watches for it. */
  public void cancel(Cancellation cancellation) {
    String ask = cancellation.getAsk();
    cancelled.put(ask, new Cancelled(cancellation.getQueryId(), cancellation.getReason()));
    Set<Watch> watches = new HashSet<>();
    watched.computeIfPresent(
        ask,
        (key, all) -> {
          watches.addAll(all);
          return all;
        });
    for (Watch watch : List.copyOf(watches)) {
      if (watch.queryId.equals(cancellation.getQueryId())) {
        watch.abort.accept(cancellation.getReason());
      }
    }
  }

  /** How many requests are watched. */
  int watched() {
    return watched.size();
  }
}
