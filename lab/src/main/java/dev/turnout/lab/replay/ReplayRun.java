package dev.turnout.lab.replay;

import dev.turnout.app.config.Configuration;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.console.ProgramVersion;
import dev.turnout.app.data.LlmPrice;
import dev.turnout.app.quickstart.Await;
import dev.turnout.belief.Posteriors;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.control.belief.PosteriorFollower;
import dev.turnout.control.llm.LlmPublisher;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.RecordSender;
import dev.turnout.kafka.TopicTail;
import dev.turnout.lab.replay.result.ReplayResult;
import dev.turnout.lab.simulation.BalancedStream;
import dev.turnout.lab.simulation.LearntRouter;
import dev.turnout.lab.simulation.SimulatedQuery;
import dev.turnout.learner.Learner;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.model.RouterModel;
import dev.turnout.registry.rest.RegistrySettings;
import dev.turnout.router.Router;
import dev.turnout.router.RouterSettings;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicAdmin;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * One replay: publishes the stream's queries, reads their decisions, reveals the chosen LLM's
 * reward as a grade, and nothing else. Router, learner, trainer and gate are the real ones.
 */
final class ReplayRun implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final Duration STUCK_AFTER = Duration.ofMinutes(1);

  private final ReplayOptions options;
  private final ReplayData data;
  private final QueryEncoder encoder;
  private final long seed;
  private final String name;
  private final Path stateDir;
  private final Map<String, Object> config;
  private final TopicCatalogue topics;
  private final Serializer<Query> queries;
  private final Serializer<Grade> grades;
  private final List<SimulatedQuery> stream;
  private final ReplayLog log;
  private final Random random;
  private final ArrayDeque<Late> late = new ArrayDeque<>();
  private final List<String> events = new ArrayList<>();
  private final int hidden;
  private int degraded = -1;
  private int generation;
  private int gradesSent;
  private @Nullable Router router;
  private @Nullable Router second;
  private @Nullable Learner learner;
  private @Nullable PosteriorFollower follower;
  private int promotions;
  private int rejections;
  private String model = "";
  private volatile @Nullable Throwable failure;

  private record Late(int due, Grade grade) {}

  ReplayRun(
      ReplayOptions options,
      ReplayData data,
      QueryEncoder encoder,
      long seed,
      String name,
      Map<String, Object> config,
      Path stateDir) {
    this.name = name;
    this.options = options;
    this.data = data;
    this.encoder = encoder;
    this.seed = seed;
    this.config = config;
    this.stateDir = stateDir;
    this.queries = AvroSerdes.of(Query.class, config).serializer();
    this.grades = AvroSerdes.of(Grade.class, config).serializer();
    this.topics = TopicCatalogue.withPrefix("replay-" + name).withPartitions(2);
    this.stream = BalancedStream.of(data.train(), options.queries(), seed);
    this.log = new ReplayLog(stream.size());
    this.random = new Random(seed);
    this.hidden = options.newLlm() ? new ReplayTruth(stream, -1, -1).bestSingle() : -1;
  }

  ReplayResult run(DoubleConsumer progress) throws InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers()))) {
      TopicAdmin.create(admin, topics, (short) 1);
    }
    for (int a = 0; a < data.llms().size(); a++) {
      if (a != hidden) {
        register(data.llms().get(a));
      }
    }
    follower = PosteriorFollower.start(topics.posteriors(), config);
    startLearner();
    router = startRouter("one");
    Instant begin = Instant.now();
    play(progress);
    double seconds = Duration.between(begin, Instant.now()).toMillis() / 1000.0;
    Learner last = learner();
    boolean learnt =
        Await.until(() -> last.status().samples() >= gradesSent, Duration.ofSeconds(20));
    if (!learnt) {
      events.add("grades were still on their way when the learner was asked for the last time");
    }
    Thread.sleep(1_000);
    tally(last);
    return result(seconds);
  }

  private void play(DoubleConsumer progress) throws InterruptedException {
    try (RecordSender sender = RecordSender.open(Map.of("bootstrap.servers", brokers()));
        TopicTail<byte[], RoutingDecision> decisions =
            TopicTail.fromBeginning(
                Clients.reader(
                    Map.of("bootstrap.servers", brokers()),
                    AvroSerdes.of(RoutingDecision.class, config).deserializer()),
                List.of(topics.decisions()))) {
      int published = 0;
      boolean turned = false;
      long moved = System.nanoTime();
      while (log.decided() < stream.size()) {
        while (published < stream.size()
            && published - log.decided() < options.inFlight()
            && (turned || published < stream.size() / 2)) {
          var unused =
              sender
                  .send(topics.queries(), id(published), queries, query(published))
                  .whenComplete(this::acknowledged);
          published++;
        }
        int before = log.decided();
        decisions.poll(Duration.ofMillis(20), record -> decided(record.value()));
        if (log.decided() > before) {
          moved = System.nanoTime();
        }
        send(sender, false);
        if (!turned && log.decided() >= stream.size() / 2) {
          turn();
          turned = true;
          moved = System.nanoTime();
        }
        Throwable refused = failure;
        if (refused != null) {
          throw new CommandFailure("queries or grades cannot be published", refused);
        }
        progress.accept((double) log.decided() / stream.size());
        if (System.nanoTime() - moved > STUCK_AFTER.toNanos()) {
          throw new CommandFailure(
              "no decision for "
                  + STUCK_AFTER.toSeconds()
                  + " s after "
                  + log.decided()
                  + " of "
                  + stream.size()
                  + " queries (--verbose shows the router's log)");
        }
      }
      send(sender, true);
      sender.flush();
    }
  }

  private void acknowledged(@Nullable Void safe, @Nullable Throwable refused) {
    if (refused != null) {
      failure = refused;
    }
  }

  private Query query(int position) {
    SimulatedQuery query = stream.get(position);
    return Query.newBuilder()
        .setId(id(position))
        .setText(data.texts().getOrDefault(query.id(), query.id()))
        .setConstraints(QueryConstraints.newBuilder().setCostWeight(options.costWeight()).build())
        .setSubmittedAt(now())
        .build();
  }

  private void decided(RoutingDecision decision) {
    int position = Integer.parseInt(decision.getQueryId().substring(1));
    int llm = data.llms().indexOf(decision.getLlm());
    double reward = truth().reward(position, llm);
    if (!log.decide(position, llm, reward, decision.getPropensity())) {
      return;
    }
    for (LlmScore score : decision.getRanking()) {
      if (score.getLlm().equals(decision.getLlm())) {
        log.predict(position, score.getPredictedSuccess());
        Double expected = score.getExpectedCostUsd();
        log.expect(position, expected == null ? Double.NaN : expected);
      }
    }
    if (!decision.getModelVersion().equals(model)) {
      model = decision.getModelVersion();
      events.add("from query " + log.decided() + " on model " + model + " serves");
    }
    if (random.nextDouble() < options.loss()) {
      return;
    }
    boolean turned = random.nextDouble() < options.adversarial();
    Grade grade =
        Grade.newBuilder()
            .setQueryId(decision.getQueryId())
            .setLlm(decision.getLlm())
            .setGrader(turned ? "mallory" : "grader-" + position % 3)
            .setReward(turned ? 1 - reward : reward)
            .setCostUsd(known(truth().costUsd(position, llm)))
            .setGradedAt(now())
            .build();
    late.add(new Late(log.decided() + options.delay(), grade));
    gradesSent++;
    if (random.nextDouble() < options.duplication()) {
      late.add(new Late(log.decided() + options.delay(), grade));
    }
  }

  private static @Nullable Double known(double value) {
    return Double.isNaN(value) ? null : value;
  }

  private void send(RecordSender sender, boolean all) {
    while (!late.isEmpty() && (all || late.getFirst().due() <= log.decided())) {
      Grade grade = late.removeFirst().grade();
      var unused =
          sender
              .send(topics.feedback(), grade.getQueryId(), grades, grade)
              .whenComplete(this::acknowledged);
    }
  }

  /** What happens half-way. */
  private void turn() throws InterruptedException {
    int half = stream.size() / 2;
    if (options.drift()) {
      degraded = log.favourite(data.llms().size(), half - half / 4, half);
      events.add(data.llms().get(degraded) + " degrades after query " + half);
    }
    if (hidden >= 0) {
      register(data.llms().get(hidden));
      events.add(data.llms().get(hidden) + " appears after query " + half);
    }
    if (options.restart()) {
      second = startRouter("two");
      router().close();
      tally(learner());
      learner().close();
      generation++;
      startLearner();
      router = startRouter("three");
      events.add("router and learner restarted after query " + half);
    }
  }

  private void register(String llm) throws InterruptedException {
    LlmProfile.Builder profile =
        LlmProfile.newBuilder()
            .setId(llm)
            .setTopic(topics.requests(llm))
            .setStatus(LlmStatus.ACTIVE)
            .setUpdatedAt(now());
    LlmPrice price = data.prices().get(llm);
    if (price != null) {
      profile
          .setInputUsdPerMillionTokens(price.inputUsdPerMillion())
          .setOutputUsdPerMillionTokens(price.outputUsdPerMillion());
    }
    try (LlmPublisher llms = LlmPublisher.open(topics.llms(), config)) {
      llms.publish(profile.build());
    }
  }

  private void startLearner() {
    Map<String, String> texts = texts();
    texts.put("learner.application-id", "replay-learner-" + name);
    texts.put("learner.from", "earliest");
    texts.put("learner.publish-every", "100ms");
    texts.put("learner.window", "1h");
    texts.put("learner.patience", "5m");
    texts.put("learner.capacity", "100000");
    texts.put("learner.grades-per-second", "100000");
    texts.put("learner.grade-burst", "1000000");
    texts.put("learner.seed", Long.toString(seed));
    texts.put(
        "learner.state-dir", stateDir.resolve("learner-" + name + "-" + generation).toString());
    learner =
        Learner.start(
            LearnerSettings.from(Configuration.of(texts)), encoder.id(), new SimpleMeterRegistry());
  }

  private Router startRouter(String id) throws InterruptedException {
    PosteriorFollower refiner = follower;
    if (refiner == null) {
      throw new IllegalStateException("posteriors are followed before a router starts");
    }
    Map<String, String> texts = texts();
    texts.put("router.application-id", "replay-router-" + name);
    texts.put("router.from", "earliest");
    texts.put("router.id", id);
    texts.put("router.policy", "thompson");
    texts.put("router.seed", Long.toString(seed));
    texts.put("kafka.state.dir", stateDir.resolve("router-" + name + "-" + id).toString());
    Router started =
        Router.start(
            RouterSettings.from(Configuration.of(texts), ProgramVersion.text()),
            encoder,
            new SimpleMeterRegistry(),
            refiner);
    if (!Await.until(() -> started.status().ready(), READY_WITHIN)) {
      throw new CommandFailure(
          "not ready after "
              + READY_WITHIN.toSeconds()
              + " s: "
              + String.join("; ", started.status().problems()));
    }
    return started;
  }

  private void tally(Learner ended) {
    promotions += ended.status().promotions();
    rejections += ended.status().rejections();
    if (ended.status().lastVerdict() != null) {
      events.add("the gate's last word: " + ended.status().lastVerdict());
    }
  }

  private ReplayResult result(double seconds) {
    RouterModel serving = router().serving().model();
    PosteriorFollower known = follower;
    Posteriors posteriors = serving == null || known == null ? null : known.of(serving.version());
    if (serving == null || posteriors == null) {
      throw new CommandFailure("the replay ended without a model or without posteriors");
    }
    LearntRouter learnt = new LearntRouter(serving, posteriors);
    return new ReplayResult(
        seed,
        options.costWeight(),
        truth(),
        log,
        learnt.accuracy(data.test(), data.llms()),
        learnt.accuracy(data.shifted(), data.llms()),
        promotions,
        rejections,
        Map.of(),
        List.copyOf(events),
        seconds);
  }

  /** What every LLM would have earned; complete at the end of the run. */
  private ReplayTruth truth() {
    return new ReplayTruth(stream, degraded, hidden);
  }

  private static String id(int position) {
    return "q" + position;
  }

  private Map<String, String> texts() {
    Map<String, String> texts =
        ConnectionSettings.texts(
            brokers(), String.valueOf(config.get(RegistrySettings.URL_CONFIG)), topics);
    texts.put("topics.replication", "1");
    return texts;
  }

  private String brokers() {
    return String.valueOf(config.get("bootstrap.servers"));
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private Router router() {
    Router running = router;
    if (running == null) {
      throw new IllegalStateException("no router runs");
    }
    return running;
  }

  private Learner learner() {
    Learner running = learner;
    if (running == null) {
      throw new IllegalStateException("no learner runs");
    }
    return running;
  }

  @Override
  public void close() {
    if (router != null) {
      router.close();
    }
    if (second != null) {
      second.close();
    }
    if (learner != null) {
      learner.close();
    }
    if (follower != null) {
      follower.close();
    }
  }
}
