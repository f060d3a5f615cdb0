package dev.turnout.lab.bench.route;

import com.sun.management.OperatingSystemMXBean;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.lab.bench.Median;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/**
 * How fast records went and what each took of the processors.
 *
 * @param perSecond records a second
 * @param cpuMicros processor time of this process for a record, in microseconds
 */
record Throughput(double perSecond, double cpuMicros) {
  /** Share of a drain after which its clock starts: groups form, connections open. */
  private static final double HEAD_SHARE = 0.1;

  private static final int MOST_BATCHES = 40;

  static double median(List<Throughput> rounds, ToDoubleFunction<Throughput> value) {
    return Median.of(rounds.stream().mapToDouble(value).toArray());
  }

  /**
   * The rate from the first tenth to the last record.
   *
   * @param done records so far
   * @param total of records
   */
  static Throughput of(LongSupplier done, int total) throws InterruptedException {
    long head = (long) (HEAD_SHARE * total);
    long startCount = 0;
    long start = 0;
    long cpu = 0;
    while (true) {
      long count = done.getAsLong();
      long now = System.nanoTime();
      if (start == 0 && count >= head) {
        start = now;
        startCount = count;
        cpu = cpuNanos();
      }
      if (count >= total) {
        long records = count - startCount;
        return new Throughput(
            records / ((now - start) / 1e9), (cpuNanos() - cpu) / 1e3 / Math.max(1, records));
      }
      Thread.sleep(2);
    }
  }

  /** Processor time of this process. */
  private static long cpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }

  /** Of an encoder alone, in batches as a router polls them. */
  static Throughput of(QueryEncoder encoder, List<String> texts, int batch) {
    int enough = Math.min(texts.size(), MOST_BATCHES * batch);
    long cpu = cpuNanos();
    long start = System.nanoTime();
    for (int from = 0; from < enough; from += batch) {
      encoder.encode(texts.subList(from, Math.min(enough, from + batch)));
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Throughput(enough / seconds, (cpuNanos() - cpu) / 1e3 / enough);
  }
}
