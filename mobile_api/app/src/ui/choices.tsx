interface ChoicesProps {
  label: string;
  options: { value: string; label: string }[];
  chosen: string;
  onChoose: (value: string) => void;
}

/** A row of buttons, one of which is pressed. */
export function Choices({ label, options, chosen, onChoose }: ChoicesProps) {
  return (
    <div class="tabsel" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === chosen}
          onClick={() => onChoose(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
