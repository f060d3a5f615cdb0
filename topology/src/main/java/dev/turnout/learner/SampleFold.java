package dev.turnout.learner;

import dev.turnout.encoder.EncoderId;
import dev.turnout.feedback.FeedbackWindow;
import dev.turnout.feedback.GradedSample;
import dev.turnout.feedback.PosteriorLearner;
import dev.turnout.feedback.Posteriors;
import dev.turnout.follow.LiveModel;
import dev.turnout.follow.ModelPublisher;
import dev.turnout.follow.PosteriorRecords;
import dev.turnout.model.RouterModel;
import dev.turnout.ope.Verdict;
import dev.turnout.schema.Posterior;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.train.CandidateTrial;
import dev.turnout.train.FeedbackTraining;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the samples topic into posteriors and models, on a thread of its own. The topic has one
 * partition, so of all learners one folds and the others stand by; whoever takes over reads the
 * tail of the log again and holds the same window, because the window is what the tail says.
 *
 * <p>Training runs beside the fold on a snapshot of the window, one candidate at a time, so grades
 * go on changing the posteriors meanwhile. A training cut short by a crash is simply begun again.
 */
final class SampleFold implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SampleFold.class);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int FEWEST_NEW_SAMPLES = 200;

  private final LearnerSettings settings;
  private final EncoderId encoder;
  private final LiveModel live;
  private final LearnerMetrics metrics;
  private final Clock clock;
  private final ModelPublisher models;
  private final Producer<byte[], byte[]> producer;
  private final Serializer<Posterior> posteriors;
  private final Deserializer<TrainingSample> samples;
  private final Consumer<byte[], byte[]> consumer;
  private final ExecutorService trainer;
  private final Thread thread;
  private volatile boolean closed;
  private volatile LearnerStatus status = new LearnerStatus(false, 0, 0, 0, null, null);

  private FeedbackWindow window;
  private boolean active;
  private long taken;
  private long offset = -1;
  private boolean changed;
  private Instant published = Instant.EPOCH;
  private @Nullable RouterModel learning;
  private List<String> learningLlms = List.of();
  private @Nullable PosteriorLearner learner;
  private @Nullable Future<Trained> training;
  private long trainedAt;
  private Instant trainedOn;
  private @Nullable String awaited;
  private int promotions;
  private int rejections;
  private @Nullable String lastVerdict;

  private record Trained(RouterModel candidate, String parent, Verdict verdict) {}

  SampleFold(
      LearnerSettings settings,
      Map<String, Object> clients,
      EncoderId encoder,
      LiveModel live,
      LearnerMetrics metrics,
      Clock clock) {
    this.settings = settings;
    this.encoder = encoder;
    this.live = live;
    this.metrics = metrics;
    this.clock = clock;
    this.trainedOn = clock.instant();
    this.window = new FeedbackWindow(settings.window());
    this.models = ModelPublisher.open(settings.topics().models(), clients);
    this.posteriors = AvroSerdes.of(Posterior.class, clients).serializer();
    this.samples = AvroSerdes.of(TrainingSample.class, clients).deserializer();
    this.producer = producer(clients);
    this.consumer = consumer(clients);
    this.trainer =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread own = new Thread(task, "turnout-trainer");
              own.setDaemon(true);
              return own;
            });
    this.thread = new Thread(this::run, "turnout-learner");
    this.thread.setDaemon(true);
  }

  void start() {
    // the first k-means loads native libraries, which takes seconds: better now than under load
    var unused = trainer.submit(this::warm);
    thread.start();
  }

  private RouterModel warm() {
    List<float[]> corners = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      float[] corner = new float[encoder.dimension()];
      corner[i % corner.length] = 1;
      corners.add(corner);
    }
    return training(List.of("any")).ungraded(corners, settings.training().seed());
  }

  LearnerStatus status() {
    return status;
  }

  private Producer<byte[], byte[]> producer(Map<String, Object> clients) {
    Map<String, Object> config = new HashMap<>(clients);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.keySet().retainAll(ProducerConfig.configNames());
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private Consumer<byte[], byte[]> consumer(Map<String, Object> clients) {
    Map<String, Object> config = new HashMap<>(clients);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.applicationId() + "-fold");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    config.keySet().retainAll(ConsumerConfig.configNames());
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private void run() {
    consumer.subscribe(
        List.of(settings.topics().samples()),
        new ConsumerRebalanceListener() {
          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            takeOver(partitions);
          }

          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
              active = false;
            }
          }
        });
    while (!closed) {
      try {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          take(record);
        }
        if (active) {
          follow();
          publish();
          train();
        }
        report();
      } catch (WakeupException | InterruptException e) {
        LOG.debug("the learner ends");
      } catch (InterruptedException e) {
        closed = true;
      } catch (KafkaException e) {
        LOG.warn("the learner met a Kafka error; trying again in {}", RETRY, e);
        pause();
      } catch (RuntimeException e) {
        LOG.error("the learner met an unforeseen error; going on", e);
        pause();
      }
    }
    Thread.interrupted();
    consumer.close();
  }

  private void takeOver(Collection<TopicPartition> partitions) {
    if (partitions.isEmpty()) {
      return;
    }
    // repeated grades take room in the log but not in the window, hence twice its size
    long tail = 2L * settings.window();
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    consumer
        .beginningOffsets(partitions)
        .forEach(
            (partition, first) ->
                consumer.seek(partition, Math.max(first, ends.getOrDefault(partition, 0L) - tail)));
    window = new FeedbackWindow(settings.window());
    taken = 0;
    trainedAt = 0;
    changed = true;
    active = true;
    LOG.info("this learner folds {}", partitions);
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    try {
      TrainingSample sample = samples.deserialize(record.topic(), record.value());
      if (sample == null) {
        return;
      }
      offset = record.offset();
      if (!sample.getEncoderId().equals(encoder.toString())) {
        metrics.otherEncoder();
        return;
      }
      changed |= window.add(SampleReading.of(sample));
      taken++;
      metrics.sample();
    } catch (RuntimeException e) {
      LOG.error("sample {} cannot be read and is left out", record.offset(), e);
    }
  }

  /** Keeps up with the serving model and the LLMs there are. */
  private void follow() throws InterruptedException {
    List<String> registered =
        live.serving().directory().all().stream().map(llm -> llm.profile().getId()).toList();
    RouterModel model = live.serving().model();
    if (registered.isEmpty()) {
      return;
    }
    if (model == null) {
      if (settings.training().coldStart() && awaited == null) {
        promote(training(registered).cold(), null, "no model yet: a first one to explore with");
      }
      return;
    }
    if (model.version().equals(awaited)) {
      awaited = null;
    }
    List<String> missing = registered.stream().filter(llm -> !model.llms().contains(llm)).toList();
    if (!missing.isEmpty() && awaited == null) {
      RouterModel extended = model;
      for (String llm : missing) {
        extended = ModelExtension.withUngraded(extended, llm);
      }
      promote(
          extended,
          model.version(),
          "adds " + missing + " at the mean of the others; nothing else changes");
      return;
    }
    if (awaited == null
        && FeedbackTraining.dueForCells(model, window.size(), settings.training().cellsAfter())) {
      List<float[]> seen = window.samples().stream().map(GradedSample::embedding).toList();
      promote(
          training(model.llms()).ungraded(seen, settings.training().seed()),
          model.version(),
          "cells of " + seen.size() + " queries; what was graded stays");
      return;
    }
    List<String> llms = model.llms();
    if (learner == null
        || learning == null
        || !learning.version().equals(model.version())
        || !learningLlms.equals(llms)) {
      learner = new PosteriorLearner(model, llms, settings.learning());
      learning = model;
      learningLlms = llms;
      changed = true;
    }
  }

  private FeedbackTraining training(List<String> llms) {
    return new FeedbackTraining(encoder, llms, settings.training().cells(), settings.learning());
  }

  private void promote(RouterModel model, @Nullable String parent, String reason)
      throws InterruptedException {
    LOG.info("model {} is promoted: {}", model.version(), reason);
    // its posteriors first, so that no router serves it without
    send(new PosteriorLearner(model, model.llms(), settings.learning()).learn(window.samples()));
    models.publish(model, parent, reason);
    awaited = model.version();
  }

  private void publish() {
    Instant now = clock.instant();
    if (!changed || learner == null || now.isBefore(published.plus(settings.publishEvery()))) {
      return;
    }
    changed = false;
    published = now;
    long begun = System.nanoTime();
    Posteriors learnt = learner.learn(window.samples());
    send(learnt);
    metrics.learnt(learnt, System.nanoTime() - begun);
  }

  private void send(Posteriors learnt) {
    Posterior record =
        PosteriorRecords.write(learnt, offset, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    String topic = settings.topics().posteriors();
    var unused =
        producer.send(
            new ProducerRecord<>(
                topic,
                learnt.modelVersion().getBytes(StandardCharsets.UTF_8),
                posteriors.serialize(topic, record)),
            (metadata, error) -> {
              if (error != null) {
                LOG.warn("posteriors could not be published; the next ones will be", error);
              }
            });
  }

  private void train() throws InterruptedException {
    Future<Trained> running = training;
    if (running != null) {
      if (running.isDone()) {
        training = null;
        judge(running);
      }
      return;
    }
    RouterModel serving = learning;
    long fresh = taken - trainedAt;
    boolean due =
        fresh >= settings.training().afterGrades()
            || (fresh >= FEWEST_NEW_SAMPLES
                && clock.instant().isAfter(trainedOn.plus(settings.training().after())));
    if (!due || serving == null || awaited != null || serving.features().cells() == 0) {
      return;
    }
    trainedAt = taken;
    trainedOn = clock.instant();
    List<GradedSample> all = window.samples();
    int split = (int) (all.size() * (1 - settings.training().heldOut()));
    List<GradedSample> seen = List.copyOf(all.subList(0, split));
    List<GradedSample> heldOut = List.copyOf(all.subList(split, all.size()));
    List<String> llms = serving.llms();
    long seed = settings.training().seed() + taken;
    LOG.info("training a candidate on {} samples, {} are held out", seen.size(), heldOut.size());
    training =
        trainer.submit(
            () -> {
              RouterModel candidate = training(llms).train(seen, seed);
              Verdict verdict =
                  new CandidateTrial(llms, settings.learning(), settings.gate())
                      .judge(serving, candidate, seen, heldOut);
              return new Trained(candidate, serving.version(), verdict);
            });
  }

  private void judge(Future<Trained> running) throws InterruptedException {
    Trained trained;
    try {
      trained = running.get();
    } catch (ExecutionException e) {
      LOG.error("training a candidate failed; the serving model goes on", e.getCause());
      return;
    }
    Map<String, String> report = new TreeMap<>(trained.candidate().report());
    report.putAll(trained.verdict().report());
    report.put("parent", trained.parent());
    RouterModel candidate = trained.candidate().withReport(report);
    lastVerdict = trained.verdict().reason();
    metrics.verdict(trained.verdict());
    if (trained.verdict().promote()
        && learning != null
        && learning.version().equals(trained.parent())) {
      promotions++;
      promote(candidate, trained.parent(), trained.verdict().reason());
    } else {
      rejections++;
      LOG.info("candidate {} is rejected: {}", candidate.version(), lastVerdict);
      models.reject(candidate.version(), trained.verdict().reason(), report);
    }
  }

  private void report() {
    status =
        new LearnerStatus(
            active,
            taken,
            promotions,
            rejections,
            learning == null ? null : learning.version(),
            lastVerdict);
  }

  private void pause() {
    try {
      Thread.sleep(RETRY.toMillis());
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    trainer.shutdownNow();
    try {
      thread.join(5_000);
      thread.interrupt();
      thread.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<AutoCloseable> open = new ArrayList<>(List.of(models, producer, posteriors, samples));
    for (AutoCloseable each : open) {
      try {
        each.close();
      } catch (Exception e) {
        LOG.warn("closing {} failed", each, e);
      }
    }
  }
}
