package dev.turnout.console.traffic;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * What was counted of one LLM, or one reason of dead letters, in some span of time. Two tallies of
 * different records add up to the tally of both, so that each partition counts for itself. Not safe
 * for use by several threads.
 */
@SuppressWarnings("EnumOrdinal") // measures are stored by their place
public final class TrafficTally {
  private static final byte FORMAT = 1;
  private static final int MEASURES = Measure.values().length;
  private static final int ENTRY = 1 + Double.BYTES;

  private final double[] sums = new double[MEASURES];
  private final double[] latencies = new double[LatencyBuckets.COUNT];

  /** What was counted or summed. */
  public double get(Measure measure) {
    return sums[measure.ordinal()];
  }

  /** Counts one more. */
  public void count(Measure measure) {
    add(measure, 1);
  }

  /** Adds an amount; what is no number adds nothing. */
  public void add(Measure measure, double amount) {
    if (Double.isFinite(amount)) {
      sums[measure.ordinal()] += amount;
    }
  }

  /** Adds the latency of an answer, in milliseconds. */
  public void addLatency(double millis) {
    if (millis >= 0 && Double.isFinite(millis)) {
      count(Measure.LATENCIES);
      add(Measure.LATENCY_MILLIS, millis);
      latencies[LatencyBuckets.of(millis)]++;
    }
  }

  /** Adds all that another one counted. */
  public void add(TrafficTally other) {
    for (int i = 0; i < MEASURES; i++) {
      sums[i] += other.sums[i];
    }
    for (int i = 0; i < LatencyBuckets.COUNT; i++) {
      latencies[i] += other.latencies[i];
    }
  }

  /** One measure by another, e.g. cost by answers; NaN where nothing was counted. */
  public double mean(Measure sum, Measure count) {
    return get(count) == 0 ? Double.NaN : get(sum) / get(count);
  }

  /** A quantile of the answers' latencies in milliseconds; NaN without answers. */
  public double latency(double share) {
    return LatencyBuckets.quantile(latencies, share);
  }

  /** Calls that ended: with an answer, or because of the LLM. */
  public double calls() {
    return get(Measure.SUCCEEDED) + get(Measure.FAILED) + get(Measure.TIMED_OUT);
  }

  /** Share of the calls that brought an answer; NaN without calls. */
  public double answered() {
    return calls() == 0 ? Double.NaN : get(Measure.SUCCEEDED) / calls();
  }

  /** Half the width of the 95 % interval around the mean reward; NaN with fewer than two grades. */
  public double rewardMargin() {
    double n = get(Measure.GRADES);
    if (n < 2) {
      return Double.NaN;
    }
    double mean = get(Measure.REWARD) / n;
    double variance = Math.max(0, get(Measure.REWARD_SQUARES) / n - mean * mean) * n / (n - 1);
    return 1.96 * Math.sqrt(variance / n);
  }

  /** Whether nothing was counted. */
  public boolean isEmpty() {
    for (double sum : sums) {
      if (sum != 0) {
        return false;
      }
    }
    return true;
  }

  /** How the stores hold it: what is zero is left out, so that measures may be added. */
  static Serde<TrafficTally> serde() {
    return Serdes.serdeFrom((topic, tally) -> write(tally), (topic, bytes) -> read(bytes));
  }

  private static byte[] write(TrafficTally tally) {
    ByteBuffer bytes = ByteBuffer.allocate(1 + (MEASURES + LatencyBuckets.COUNT) * ENTRY);
    bytes.put(FORMAT);
    for (int i = 0; i < MEASURES; i++) {
      put(bytes, i, tally.sums[i]);
    }
    for (int i = 0; i < LatencyBuckets.COUNT; i++) {
      put(bytes, 255 - i, tally.latencies[i]);
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static void put(ByteBuffer bytes, int place, double value) {
    if (value != 0) {
      bytes.put((byte) place).putDouble(value);
    }
  }

  private static TrafficTally read(byte[] stored) {
    TrafficTally tally = new TrafficTally();
    ByteBuffer bytes = ByteBuffer.wrap(stored);
    byte format = bytes.get();
    if (format != FORMAT) {
      throw new IllegalArgumentException(
          "a tally of format "
              + format
              + ", expected "
              + FORMAT
              + "; choose another"
              + " console.application-id, which counts anew");
    }
    while (bytes.remaining() >= ENTRY) {
      int place = bytes.get() & 0xff;
      double value = bytes.getDouble();
      if (place < MEASURES) {
        tally.sums[place] = value;
      } else if (255 - place < LatencyBuckets.COUNT) {
        tally.latencies[255 - place] = value;
      }
    }
    return tally;
  }
}
