package dev.turnout.app.quickstart.scenario;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.belief.LearningSettings;
import dev.turnout.schema.LlmProfile;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.train.TrainingOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A scenario in which real LLMs stand in the place of simulated ones: each of those that are named
 * alike, or else of the next that nobody named. Until a real one's own answers are graded it is
 * taken to be as skilled as the one whose place it has.
 */
public final class EndpointScenario implements Scenario {

  /** What nobody knows of a real LLM here; it says itself what it does not take. */
  private static final List<String> ABLE = List.of("tools", "json-schema", "vision", "document");

  /** What a simulated one beside it can: it would only pretend to call a tool. */
  private static final List<String> PLAIN = List.of("text");

  private final Scenario scenario;
  private final List<LlmProfile> llms;
  private final Set<String> real;

  /**
   * Puts them in their places.
   *
   * @param endpoints ids of the real LLMs
   * @throws CommandFailure if there are more of them than places
   */
  public EndpointScenario(Scenario scenario, TopicCatalogue topics, Collection<String> endpoints) {
    this.scenario = scenario;
    this.real = Set.copyOf(endpoints);
    List<LlmProfile> simulated = scenario.llms();
    Set<String> strangers = new LinkedHashSet<>(endpoints);
    simulated.forEach(llm -> strangers.remove(llm.getId()));
    if (endpoints.size() > simulated.size()) {
      throw new CommandFailure(
          "--llm names "
              + endpoints.size()
              + " LLMs, but there are places for "
              + simulated.size()
              + "; name fewer");
    }
    List<LlmProfile> placed = new ArrayList<>();
    for (LlmProfile llm : simulated) {
      if (!real.contains(llm.getId()) && !strangers.isEmpty()) {
        String id = strangers.iterator().next();
        strangers.remove(id);
        placed.add(with(ABLE, stranger(llm, id, topics)));
      } else {
        placed.add(with(real.contains(llm.getId()) ? ABLE : PLAIN, llm));
      }
    }
    this.llms = List.copyOf(placed);
  }

  private static LlmProfile stranger(LlmProfile place, String id, TopicCatalogue topics) {
    return LlmProfile.newBuilder(place)
        .setId(id)
        .setTopic(topics.requests(id))
        .setInputUsdPerMillionTokens(null)
        .setOutputUsdPerMillionTokens(null)
        .setDescription("a real endpoint, taken to be like " + place.getId() + " at first")
        .build();
  }

  private static LlmProfile with(List<String> more, LlmProfile llm) {
    Set<String> capabilities = new LinkedHashSet<>(llm.getCapabilities());
    capabilities.addAll(more);
    return LlmProfile.newBuilder(llm).setCapabilities(List.copyOf(capabilities)).build();
  }

  /** Whether an LLM is a real one. */
  public boolean isReal(String llm) {
    return real.contains(llm);
  }

  @Override
  public String title() {
    return scenario.title() + ", " + real.size() + " of them real";
  }

  @Override
  public List<LlmProfile> llms() {
    return llms;
  }

  @Override
  public List<GradedQuery> warmUp() {
    return scenario.warmUp();
  }

  @Override
  public int timesGraded() {
    return scenario.timesGraded();
  }

  @Override
  public TrainingOptions trainingOptions() {
    return scenario.trainingOptions();
  }

  @Override
  public LearningSettings learning() {
    return scenario.learning();
  }

  @Override
  public int cells() {
    return scenario.cells();
  }

  @Override
  public int streamLength() {
    return scenario.streamLength();
  }

  @Override
  public GradedQuery at(int position) {
    return scenario.at(position);
  }
}
