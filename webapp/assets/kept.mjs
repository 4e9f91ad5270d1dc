// What the browser keeps for this tab. Where it may keep nothing (storage is blocked, or full), nothing is kept and the
// page works without.

const quietly = (act) => {
  try {
    return act();
  } catch {
    return null;
  }
};

export const recall = (name) => quietly(() => sessionStorage.getItem(name));
// Whether it was kept.
export const remember = (name, value) => quietly(() => (sessionStorage.setItem(name, value), true)) ?? false;
export const forget = (name) => quietly(() => sessionStorage.removeItem(name));
export const forgetAll = () => {
  quietly(() => sessionStorage.clear());
  quietly(() => localStorage.clear());
};
