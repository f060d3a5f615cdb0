package dev.turnout.app.quickstart;

import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.train.TrainingOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The sample of queries that comes with the program, answered by simulated LLMs. */
final class SampleScenario implements Scenario {

  /** Characters of a token, roughly, over the sample's languages. */
  private static final double CHARACTERS_PER_TOKEN = 4;

  /** How often each warm-up query was asked before. */
  private static final int WARM_UP_TIMES = 20;

  /**
   * The recipe's own penalty is made for single grades; a mean of twenty is far less noisy and
   * would be smoothed away by it.
   */
  private static final double RIDGE = 20;

  private final List<SkillProfile> profiles;
  private final SimulatedWorld world;
  private final List<SampleQuery> warmUp;
  private final List<SampleQuery> stream;
  private final TopicCatalogue topics;

  /**
   * Splits the sample.
   *
   * @param warmUpQueries how many queries are graded beforehand on all LLMs, to train on; the
   *     others are the stream
   */
  SampleScenario(TopicCatalogue topics, int warmUpQueries, long seed) {
    List<SampleQuery> all = SampleQuery.all();
    if (warmUpQueries < 1 || warmUpQueries >= all.size()) {
      throw new IllegalArgumentException(
          "warm-up queries must be 1 to " + (all.size() - 1) + ", but are " + warmUpQueries);
    }
    this.topics = topics;
    this.profiles = SkillProfile.all();
    this.world = new SimulatedWorld(profiles, seed);
    this.warmUp = all.subList(0, warmUpQueries);
    this.stream = all.subList(warmUpQueries, all.size());
  }

  @Override
  public String title() {
    return "%d queries of ten domains in seven languages, %d simulated LLMs with stated skills"
        .formatted(stream.size(), profiles.size());
  }

  List<SkillProfile> profiles() {
    return profiles;
  }

  @Override
  public List<LlmProfile> llms() {
    List<LlmProfile> llms = new ArrayList<>();
    for (SkillProfile profile : profiles) {
      llms.add(
          LlmProfile.newBuilder()
              .setId(profile.id())
              .setTopic(topics.requests(profile.id()))
              .setStatus(LlmStatus.ACTIVE)
              .setInputUsdPerMillionTokens(profile.inputUsdPerMillionTokens())
              .setOutputUsdPerMillionTokens(profile.outputUsdPerMillionTokens())
              .setExpectedOutputTokens(profile.expectedOutputTokens())
              .setExpectedLatencyMs(profile.expectedLatencyMs())
              .setContextWindow(profile.contextWindow())
              .setCapabilities(profile.capabilities())
              .setDescription(profile.description())
              .setUpdatedAt(Instant.now())
              .build());
    }
    return llms;
  }

  @Override
  public List<GradedQuery> warmUp() {
    return warmUp.stream().map(this::gradedOften).toList();
  }

  @Override
  public TrainingOptions trainingOptions() {
    return TrainingOptions.defaults().withRidge(RIDGE);
  }

  @Override
  public int streamLength() {
    return stream.size();
  }

  @Override
  public GradedQuery at(int position) {
    return graded(stream.get(position % stream.size()), position / stream.size());
  }

  private GradedQuery graded(SampleQuery query, int round) {
    double tokens = query.text().length() / CHARACTERS_PER_TOKEN;
    double[] costs = profiles.stream().mapToDouble(profile -> profile.costUsd(tokens)).toArray();
    return new GradedQuery(query.text(), query.domain(), world.rewards(query, round), costs, 1);
  }

  private GradedQuery gradedOften(SampleQuery query) {
    GradedQuery once = graded(query, -1);
    double[] means = new double[profiles.size()];
    for (int time = 1; time <= WARM_UP_TIMES; time++) {
      double[] rewards = world.rewards(query, -time);
      for (int llm = 0; llm < means.length; llm++) {
        means[llm] += rewards[llm] / WARM_UP_TIMES;
      }
    }
    return new GradedQuery(once.text(), once.task(), means, once.costsUsd(), WARM_UP_TIMES);
  }
}
