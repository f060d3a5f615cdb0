package dev.turnout.app.quickstart.scenario;

import dev.turnout.belief.LearningSettings;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.train.TrainingOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The sample of queries that comes with the program, answered by simulated LLMs. */
public final class SampleScenario implements Scenario {

  /** Characters of a token, roughly, over the sample's languages. */
  private static final double CHARACTERS_PER_TOKEN = 4;

  /** The recipe's own penalty is made for thousands of warm-up queries, not for a few hundred. */
  private static final double RIDGE = 100;

  /** A mean of many grades is far less noisy and would be smoothed away by that penalty. */
  private static final double RIDGE_OF_MEANS = 20;

  /** The stream comes again and again, so many small cells soon hold enough grades. */
  private static final int CELLS = 96;

  /** Answers and their difficulty are drawn anew each time, so a question explains next to none. */
  private static final double QUESTION_VARIANCE = 0.005;

  private static final double NOISE_VARIANCE = 0.11;

  /** Specialists differ more between regions and cells than the LLMs of RouterDC do. */
  private static final double REGION_DEVIATION = 0.12;

  private static final double CELL_DEVIATION = 0.05;

  private final List<ScenarioSkills> profiles;
  private final SimulatedWorld world;
  private final List<SampleQuery> warmUp;
  private final List<SampleQuery> stream;
  private final int timesGraded;
  private final TopicCatalogue topics;

  /**
   * Splits the sample.
   *
   * @param warmUpQueries how many queries are graded beforehand on all LLMs, to train on; the
   *     others are the stream
   * @param timesGraded how many answers of each LLM to each of them were graded
   */
  public SampleScenario(TopicCatalogue topics, int warmUpQueries, int timesGraded, long seed) {
    List<SampleQuery> all = SampleQuery.all();
    if (warmUpQueries < 1 || warmUpQueries >= all.size()) {
      throw new IllegalArgumentException(
          "warm-up queries must be 1 to " + (all.size() - 1) + ", but are " + warmUpQueries);
    }
    this.timesGraded = timesGraded;
    this.topics = topics;
    this.profiles = ScenarioSkills.all();
    this.world = new SimulatedWorld(profiles, seed);
    this.warmUp = all.subList(0, warmUpQueries);
    this.stream = all.subList(warmUpQueries, all.size());
  }

  @Override
  public String title() {
    return "%d queries of ten domains in seven languages, %d simulated LLMs with stated skills"
        .formatted(stream.size(), profiles.size());
  }

  List<ScenarioSkills> profiles() {
    return profiles;
  }

  @Override
  public List<LlmProfile> llms() {
    List<LlmProfile> llms = new ArrayList<>();
    for (ScenarioSkills profile : profiles) {
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
    return warmUp.stream().map(this::gradedBefore).toList();
  }

  @Override
  public int timesGraded() {
    return timesGraded;
  }

  @Override
  public TrainingOptions trainingOptions() {
    return TrainingOptions.builder().ridge(timesGraded == 1 ? RIDGE : RIDGE_OF_MEANS).build();
  }

  @Override
  public LearningSettings learning() {
    LearningSettings usual = LearningSettings.defaults();
    return new LearningSettings(
        usual.llmDeviation(),
        REGION_DEVIATION,
        CELL_DEVIATION,
        usual.regionLength(),
        QUESTION_VARIANCE,
        NOISE_VARIANCE,
        0,
        usual.halfLife(),
        usual.sweeps(),
        usual.changeThreshold(),
        usual.changeMemory(),
        usual.graderTolerance());
  }

  @Override
  public int cells() {
    return CELLS;
  }

  @Override
  public int streamLength() {
    return stream.size();
  }

  @Override
  public GradedQuery at(int position) {
    return graded(stream.get(position % stream.size()), position / stream.size());
  }

  private GradedQuery gradedBefore(SampleQuery query) {
    GradedQuery once = graded(query, -1);
    double[] means = new double[profiles.size()];
    for (int time = 1; time <= timesGraded; time++) {
      double[] rewards = world.rewards(query, -time);
      for (int llm = 0; llm < means.length; llm++) {
        means[llm] += rewards[llm] / timesGraded;
      }
    }
    return new GradedQuery(once.text(), once.task(), means, once.costsUsd());
  }

  private GradedQuery graded(SampleQuery query, int round) {
    double tokens = query.text().length() / CHARACTERS_PER_TOKEN;
    double[] costs = profiles.stream().mapToDouble(profile -> profile.costUsd(tokens)).toArray();
    return new GradedQuery(query.text(), query.domain(), world.rewards(query, round), costs);
  }
}
