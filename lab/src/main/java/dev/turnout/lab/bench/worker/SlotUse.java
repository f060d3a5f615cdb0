package dev.turnout.lab.bench.worker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;

/**
 * When calls began and ended, in seconds, in the order in which they began.
 *
 * @param slots how many could be under way at a time
 */
record SlotUse(List<Call> calls, int slots) {

  record Call(double begin, double end) {}

  /** When as many calls had begun as there are slots. */
  double full() {
    return calls.get(slots - 1).begin();
  }

  /** When the last call began: until then there was a backlog. */
  double last() {
    return calls.get(calls.size() - 1).begin();
  }

  /** Share of the slots' time that was used between full and last. */
  double utilisation() {
    return utilisation(last());
  }

  /**
   * The same until a tenth of the calls was left to begin: while every partition had a backlog, or
   * nearly so.
   */
  double steadyUtilisation() {
    return utilisation(calls.get(calls.size() - 1 - calls.size() / 10).begin());
  }

  private double utilisation(double to) {
    double from = full();
    double used = 0;
    for (Call call : calls) {
      used += Math.max(0, Math.min(call.end(), to) - Math.max(call.begin(), from));
    }
    return used / (slots * (to - from));
  }

  /** Calls begun a second between full and last. */
  double rate() {
    double from = full();
    return calls.stream().filter(call -> call.begin() > from).count() / (last() - from);
  }

  /** The same calls if every slot took its next at once. */
  SlotUse ideal() {
    PriorityQueue<Double> free = new PriorityQueue<>(Collections.nCopies(slots, 0.0));
    List<Call> ideal = new ArrayList<>();
    for (Call call : calls) {
      double begin = free.remove();
      double end = begin + call.end() - call.begin();
      free.add(end);
      ideal.add(new Call(begin, end));
    }
    return new SlotUse(ideal, slots);
  }
}
