package dev.turnout.router.encode;

import dev.turnout.encoder.EncoderId;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.router.intake.QueryIntake;
import dev.turnout.router.intake.TextCheck;
import dev.turnout.schema.Query;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;

/**
 * A batch is polled, its encoding offered to an encoding thread, and its queries processed, as it
 * may happen, before, while or after that thread encodes. What must hold: the processor finds every
 * query's own vector, whole, and a batch is encoded once whoever does it.
 */
public final class EncodingHandOverStress {
  private static final String TOPIC = "queries";
  private static final List<String> TEXTS = List.of("a", "bb", "ccc");
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
  private static final RouterMetrics METRICS = RouterMetrics.unobserved();

  private EncodingHandOverStress() {}

  /** A text's vector is its length, four times. */
  private static final class CountingEncoder implements QueryEncoder {
    private final AtomicInteger batches = new AtomicInteger();

    @Override
    public EncoderId id() {
      return new EncoderId("counting", "000000000001", 4);
    }

    @Override
    public float[][] encode(List<String> texts) {
      batches.incrementAndGet();
      float[][] vectors = new float[texts.size()][4];
      for (int i = 0; i < vectors.length; i++) {
        java.util.Arrays.fill(vectors[i], texts.get(i).length());
      }
      return vectors;
    }

    @Override
    public void close() {}
  }

  private static ConsumerRecords<byte[], byte[]> polled() {
    TopicPartition partition = new TopicPartition(TOPIC, 0);
    List<ConsumerRecord<byte[], byte[]>> records =
        TEXTS.stream()
            .map(
                text ->
                    new ConsumerRecord<>(
                        TOPIC, 0, 0L, new byte[0], text.getBytes(StandardCharsets.UTF_8)))
            .toList();
    return new ConsumerRecords<>(Map.of(partition, records), Map.of());
  }

  private static BatchEncodingInterceptor interceptor(QueryEncoder encoder, Executor encoding) {
    QueryIntake intake =
        new QueryIntake(
            TOPIC,
            (topic, bytes) -> {
              String text = new String(bytes, StandardCharsets.UTF_8);
              return Query.newBuilder().setId(text).setText(text).build();
            },
            new TextCheck(100));
    BatchEncodingInterceptor interceptor = new BatchEncodingInterceptor();
    interceptor.configure(
        Map.of(
            BatchEncodingInterceptor.ENCODING_CONFIG,
            new BatchEncoding(TOPIC, intake, encoder, METRICS, CLOCK, encoding)));
    return interceptor;
  }

  /** What the processor finds for a polled batch: "right", or the first query that is not. */
  private static String process(ConsumerRecords<byte[], byte[]> records) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String text = new String(record.value(), StandardCharsets.UTF_8);
      if (!(record.headers().lastHeader(EncodedQueryHeader.KEY)
          instanceof EncodedQueryHeader prepared)) {
        return text + " is not prepared";
      }
      float[] vector = prepared.encoded().embedding();
      if (vector == null) {
        return text + " has no vector";
      }
      for (float value : vector) {
        if (value != text.length()) {
          return text + " has the value " + value;
        }
      }
    }
    return "right";
  }

  /** The stream thread polls and processes while an encoding thread takes what is offered. */
  @JCStressTest
  @Outcome(id = "right, 1", expect = Expect.ACCEPTABLE, desc = "encoded once, seen whole")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a wrong or torn vector, or encoded twice")
  @State
  public static class WhilePolling {
    private final CountingEncoder encoder = new CountingEncoder();
    private volatile @Nullable Runnable offered;
    private final BatchEncodingInterceptor interceptor =
        interceptor(encoder, task -> offered = task);

    /** The stream thread. */
    @Actor
    public void stream(LI_Result result) {
      result.r1 = process(interceptor.onConsume(polled()));
    }

    /** The encoding thread. */
    @Actor
    public void encode() {
      Runnable task = offered;
      if (task != null) {
        task.run();
      }
    }

    /** When both are done. */
    @Arbiter
    public void end(LI_Result result) {
      result.r2 = encoder.batches.get();
    }
  }

  /** The batch has been offered; processor and encoding thread begin it at the same moment. */
  @JCStressTest
  @Outcome(id = "right, 1", expect = Expect.ACCEPTABLE, desc = "encoded once, seen whole")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a wrong or torn vector, or encoded twice")
  @State
  public static class AtOnce {
    private final CountingEncoder encoder = new CountingEncoder();
    private Runnable offered = () -> {};
    private final ConsumerRecords<byte[], byte[]> records;

    /** Polls. */
    public AtOnce() {
      records = interceptor(encoder, task -> offered = task).onConsume(polled());
    }

    /** The stream thread. */
    @Actor
    public void stream(LI_Result result) {
      result.r1 = process(records);
    }

    /** The encoding thread. */
    @Actor
    public void encode() {
      offered.run();
    }

    /** When both are done. */
    @Arbiter
    public void end(LI_Result result) {
      result.r2 = encoder.batches.get();
    }
  }

  /** The router closes: nobody takes the batch, and two who look at it share the work. */
  @JCStressTest
  @Outcome(id = "right, 1", expect = Expect.ACCEPTABLE, desc = "encoded by one of them, once")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a wrong or torn vector, or encoded twice")
  @State
  public static class Refused {
    private final CountingEncoder encoder = new CountingEncoder();
    private final ConsumerRecords<byte[], byte[]> records;

    /** Polls. */
    public Refused() {
      Executor closed =
          task -> {
            throw new RejectedExecutionException("closed");
          };
      records = interceptor(encoder, closed).onConsume(polled());
    }

    /** The stream thread. */
    @Actor
    public void stream(LI_Result result) {
      result.r1 = process(records);
    }

    /** Another that looks at the same batch. */
    @Actor
    public void other() {
      String found = process(records);
      if (!found.equals("right")) {
        throw new AssertionError(found);
      }
    }

    /** When both are done. */
    @Arbiter
    public void end(LI_Result result) {
      result.r2 = encoder.batches.get();
    }
  }
}
