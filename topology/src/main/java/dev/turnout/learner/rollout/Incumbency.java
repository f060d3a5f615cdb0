package dev.turnout.learner.rollout;

import dev.turnout.control.model.Rollout.Charge;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long a model has been in charge, whatever LLMs it was extended by meanwhile: an extension
 * changes no choice among the LLMs that were there, so what all of them earn is judged as one.
 *
 * @param charges at least one: its own, then those of its extensions
 */
record Incumbency(List<Charge> charges) {
  Incumbency {
    charges = List.copyOf(charges);
  }

  /**
   * The tenure that the present charge belongs to.
   *
   * @param known the tenure before; null before any
   */
  static Incumbency with(Charge present, @Nullable Incumbency known) {
    if (known == null) {
      return new Incumbency(List.of(present));
    }
    Charge latest = known.charges.get(known.charges.size() - 1);
    if (latest.equals(present)) {
      return known;
    }
    boolean goesOn =
        Objects.equals(latest.replaces(), present.replaces())
            && ModelExtension.isOf(present.version(), latest.version());
    List<Charge> charges = new ArrayList<>(goesOn ? known.charges : List.of());
    charges.add(present);
    return new Incumbency(charges);
  }

  Charge first() {
    return charges.get(0);
  }

  /** The versions, the one in charge last. */
  List<String> versions() {
    return charges.stream().map(Charge::version).toList();
  }
}
