package dev.turnout.app.quickstart.scenario;

import dev.turnout.belief.LearningSettings;
import dev.turnout.schema.LlmProfile;
import dev.turnout.train.TrainingOptions;
import java.util.List;

/**
 * What a quickstart plays: which LLMs there are, what they were seen to do before, and which
 * queries come.
 */
public interface Scenario {

  /** What is played, in words. */
  String title();

  /** The LLMs; their order is that of every reward array. */
  List<LlmProfile> llms();

  /** Graded queries to train the initial model on; none of them comes in the stream. */
  List<GradedQuery> warmUp();

  /** How many answers each reward of the warm-up is the mean of. */
  default int timesGraded() {
    return 1;
  }

  /** Settings of the default recipe that suit the warm-up. */
  default TrainingOptions trainingOptions() {
    return TrainingOptions.defaults();
  }

  /** What the learner believes of these rewards before it has seen one. */
  default LearningSettings learning() {
    return LearningSettings.defaults();
  }

  /** Cells of the candidates that the learner trains. */
  int cells();

  /** Length of the stream until it repeats. */
  int streamLength();

  /**
   * One query of the endless stream.
   *
   * @param position from 0; from {@link #streamLength} on, queries come again
   */
  GradedQuery at(int position);
}
