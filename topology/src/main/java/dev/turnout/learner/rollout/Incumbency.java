package dev.turnout.learner.rollout;

import dev.turnout.control.model.Rollout.Incumbent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long a model has been the incumbent, whatever LLMs it was extended by meanwhile: an extension
 * changes no choice among the LLMs that were there, so what all of them earn is judged as one.
 *
 * @param incumbents at least one: its own, then those of its extensions
 */
record Incumbency(List<Incumbent> incumbents) {
  Incumbency {
    incumbents = List.copyOf(incumbents);
  }

  /**
   * The incumbency that the present incumbent belongs to.
   *
   * @param known the incumbency before; null before any
   */
  static Incumbency with(Incumbent present, @Nullable Incumbency known) {
    if (known == null) {
      return new Incumbency(List.of(present));
    }
    Incumbent latest = known.incumbents.get(known.incumbents.size() - 1);
    if (latest.equals(present)) {
      return known;
    }
    boolean goesOn =
        Objects.equals(latest.replaces(), present.replaces())
            && ModelExtension.isOf(present.version(), latest.version());
    List<Incumbent> incumbents = new ArrayList<>(goesOn ? known.incumbents : List.of());
    incumbents.add(present);
    return new Incumbency(incumbents);
  }

  Incumbent first() {
    return incumbents.get(0);
  }

  /** The versions, the present incumbent last. */
  List<String> versions() {
    return incumbents.stream().map(Incumbent::version).toList();
  }
}
