package dev.turnout.console.recent;

import dev.turnout.console.traffic.TrafficListener;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.HalfPrecision;
import dev.turnout.topic.BoundedText;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the latest decisions with their outcomes and grades. Safe for use by several threads.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>Bounded twice</b>: by their number, and by about how many bytes they take; the oldest go
 *       first. Of long texts the beginning is kept, of a response in another form nothing.
 *   <li><b>The same record again changes nothing</b>: records are read again after a failure, and
 *       when the past is read at the start while the present comes in.
 *   <li><b>Order does not matter</b>: topics are read side by side, so that an outcome or a grade
 *       may come before its decision; it waits for it among the latest {@value #MOST_EARLY} such.
 * </ul>
 */
public final class RecentQueries implements TrafficListener {
  /** About how much all of them take, in bytes of records; about three times that in memory. */
  private static final long MOST_BYTES = 24L << 20;

  private static final int MOST_EARLY = 1_000;
  private static final int LONGEST_TEXT = 8 << 10;
  private static final int MOST_OUTCOMES = 8;
  private static final int MOST_GRADES = 16;

  private final int most;
  private final LinkedHashMap<String, Kept> kept = new LinkedHashMap<>();
  private final LinkedHashMap<String, Fate> early = new LinkedHashMap<>();
  private long bytes;

  private record Kept(RoutingDecision decision, int bytes, Fate fate) {
    SeenQuery seen() {
      return new SeenQuery(decision, fate.outcomes, fate.grades);
    }
  }

  /** What became of a query. */
  private static final class Fate {
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<Grade> grades = new ArrayList<>();
    private int bytes;
  }

  /**
   * A query like another.
   *
   * @param similarity cosine of the embeddings, -1..1
   */
  public record Neighbour(SeenQuery query, double similarity) {}

  /**
   * @param most decisions that are kept
   */
  public RecentQueries(int most) {
    this.most = most;
  }

  @Override
  public synchronized void decided(RoutingDecision decision, int size) {
    String id = decision.getQueryId();
    Kept before = kept.remove(id);
    Fate fate = early.remove(id);
    if (before != null) {
      bytes -= before.bytes() + before.fate().bytes;
      fate = before.fate();
    }
    Kept now = new Kept(decision, size, fate == null ? new Fate() : fate);
    kept.put(id, now);
    bytes += size + now.fate().bytes;
    shrink();
  }

  @Override
  public synchronized void ended(Outcome outcome, int size) {
    Fate fate = fate(outcome.getQueryId());
    fate.outcomes.removeIf(
        each -> each.getLlm().equals(outcome.getLlm()) && each.getShadow() == outcome.getShadow());
    if (fate.outcomes.size() < MOST_OUTCOMES) {
      fate.outcomes.add(shortened(outcome));
    }
    grow(outcome.getQueryId(), fate, Math.min(size, 2 * LONGEST_TEXT));
  }

  private static Outcome shortened(Outcome outcome) {
    return Outcome.newBuilder(outcome)
        .setQueryText(cut(outcome.getQueryText()))
        .setAnswer(cut(outcome.getAnswer()))
        .setResponse(null)
        .setErrorBody(null)
        .setConversation(null)
        .setMetadata(Map.of())
        .build();
  }

  private static @Nullable String cut(@Nullable String text) {
    return text == null ? null : BoundedText.cut(text, LONGEST_TEXT);
  }

  @Override
  public synchronized void graded(Grade grade) {
    Fate fate = fate(grade.getQueryId());
    fate.grades.removeIf(
        each -> each.getLlm().equals(grade.getLlm()) && each.getGrader().equals(grade.getGrader()));
    if (fate.grades.size() < MOST_GRADES) {
      fate.grades.add(grade);
    }
    grow(grade.getQueryId(), fate, 100);
  }

  private Fate fate(String id) {
    Kept known = kept.get(id);
    return known == null ? early.computeIfAbsent(id, name -> new Fate()) : known.fate();
  }

  private void grow(String id, Fate fate, int size) {
    fate.bytes += size;
    if (kept.containsKey(id)) {
      bytes += size;
      shrink();
    } else if (early.size() > MOST_EARLY) {
      early.remove(early.keySet().iterator().next());
    }
  }

  private void shrink() {
    while (kept.size() > most || (bytes > MOST_BYTES && kept.size() > 1)) {
      Kept oldest = kept.remove(kept.keySet().iterator().next());
      bytes -= oldest.bytes() + oldest.fate().bytes;
    }
  }

  /** How many are kept. */
  public synchronized int size() {
    return kept.size();
  }

  /** A query that is kept. */
  public synchronized Optional<SeenQuery> find(String id) {
    return Optional.ofNullable(kept.get(id)).map(Kept::seen);
  }

  /** The latest that are wanted, the latest first. */
  public List<SeenQuery> latest(int limit, Predicate<SeenQuery> wanted) {
    List<Kept> all = all();
    List<SeenQuery> found = new ArrayList<>();
    for (int i = all.size() - 1; i >= 0 && found.size() < limit; i--) {
      SeenQuery each = seen(all.get(i));
      if (wanted.test(each)) {
        found.add(each);
      }
    }
    return found;
  }

  private synchronized List<Kept> all() {
    return List.copyOf(kept.values());
  }

  /** Copied one at a time, since a page mostly wants the latest few of thousands. */
  private synchronized SeenQuery seen(Kept query) {
    return query.seen();
  }

  /**
   * The queries most like one, of those that have a grade.
   *
   * @param to a decision, of which only queries of the same encoder are like
   * @return the likest first; empty if it has no embedding
   */
  public List<Neighbour> nearest(RoutingDecision to, int limit) {
    ByteBuffer packed = to.getEmbedding();
    if (packed == null) {
      return List.of();
    }
    float[] embedding = HalfPrecision.unpack(packed);
    PriorityQueue<Neighbour> nearest =
        new PriorityQueue<>(Comparator.comparingDouble(Neighbour::similarity));
    for (Kept query : all()) {
      SeenQuery each = seen(query);
      ByteBuffer other = each.decision().getEmbedding();
      if (other == null
          || each.grades().isEmpty()
          || other.remaining() != packed.remaining()
          || !each.decision().getEncoderId().equals(to.getEncoderId())
          || each.id().equals(to.getQueryId())) {
        continue;
      }
      nearest.add(new Neighbour(each, dot(embedding, HalfPrecision.unpack(other))));
      if (nearest.size() > limit) {
        nearest.poll();
      }
    }
    return nearest.stream()
        .sorted(Comparator.comparingDouble(Neighbour::similarity).reversed())
        .toList();
  }

  private static double dot(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }
}
