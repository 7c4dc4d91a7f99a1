package dev.keygate.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FaultsTest {

  @Test
  void aModelNameMayAskForSeveralFaults() throws UnknownFaultException {
    Faults faults = Faults.of("gpt-4o-sim-slow-20ms-sim-cut-3", "");
    assertThat(faults.number(Fault.SLOW, 0)).isEqualTo(20);
    assertThat(faults.number(Fault.CUT, 0)).isEqualTo(3);
    assertThat(faults.has(Fault.STALL)).isFalse();
  }

  @Test
  void everyFaultIsUnderstood() throws UnknownFaultException {
    String all =
        "status-429, retry-after-1s, delay-250ms, slow-20ms, chunks-1000, huge-10mb, cut-3,"
            + " stall-headers, stall-2, reset, malformed, badlength, redirect";
    Faults inHeader = Faults.of("gpt-4o", all);
    Faults inModel = Faults.of("x-sim-" + all.replace(", ", "-sim-"), "");
    for (Fault fault : Fault.values()) {
      assertThat(inHeader.has(fault)).as(fault.name()).isTrue();
      assertThat(inModel.has(fault)).as(fault.name()).isTrue();
      assertThat(inModel.number(fault, -1)).isEqualTo(inHeader.number(fault, -1));
    }
  }

  @Test
  void stallingTheHeadIsNotStallingTheBody() throws UnknownFaultException {
    assertThat(Faults.of("sim-stall-headers", "").has(Fault.STALL)).isFalse();
  }

  @Test
  void theHeaderWins() throws UnknownFaultException {
    assertThat(Faults.of("sim-status-500", "sim-status-429").number(Fault.STATUS, 0))
        .isEqualTo(429);
  }

  @Test
  void modelNamesThatOnlyLookLikeFaultsAreHarmless() throws UnknownFaultException {
    for (String model :
        new String[] {"maxim-cut-3", "sim-large", "sim-cut-3rd", "sim-status-999"}) {
      Faults faults = Faults.of(model, "");
      for (Fault fault : Fault.values()) {
        assertThat(faults.has(fault)).as(model + " " + fault).isFalse();
      }
    }
  }

  @Test
  void anUnknownFaultInTheHeaderIsAnError() {
    assertThatThrownBy(() -> Faults.of("gpt-4o", "explode"))
        .isInstanceOf(UnknownFaultException.class)
        .hasMessageContaining("'explode'");
  }
}
