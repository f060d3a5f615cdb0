package dev.turnout.lab.bench.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotUseTest {
  @Test
  void shouldLeaveTheLastTenthOutOfTheSteadyUtilisation() {
    // given two slots that are refilled at once for 18 calls, and one alone for the last two
    List<SlotUse.Call> calls = new ArrayList<>();
    for (double second = 0; second < 9; second++) {
      calls.add(new SlotUse.Call(second, second + 1));
      calls.add(new SlotUse.Call(second, second + 1));
    }
    calls.add(new SlotUse.Call(9, 10));
    calls.add(new SlotUse.Call(10, 11));
    SlotUse use = new SlotUse(calls, 2);

    // then
    assertThat(use.steadyUtilisation()).isEqualTo(1, within(1e-9));
    assertThat(use.utilisation()).isEqualTo(19 / 20.0, within(1e-9));
  }
}
